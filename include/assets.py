"""Every Airflow Asset of the project, named once: DAGs meet only through these."""

from __future__ import annotations

from airflow.sdk import Asset, AssetAlias

# Names, not URIs: a URI with a scheme makes every parse import the handlers of all providers.
CHURN_MODEL = Asset("churn_model")
CHURN_DRIFT = Asset("churn_drift")

# A check emits the drift Asset only when it decides so: an alias emits nothing by itself.
CHURN_DRIFT_ALERT = AssetAlias(name="churn_drift_alert")
