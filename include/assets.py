"""Every Airflow Asset of the project, named once: DAGs meet only through these."""

from __future__ import annotations

from airflow.sdk import Asset, AssetAlias

CHURN_MODEL = Asset(name="churn_model", uri="prodml://churn/model")
CHURN_DRIFT = Asset(name="churn_drift", uri="prodml://churn/drift")

# A check emits the drift Asset only when it decides so: an alias emits nothing by itself.
CHURN_DRIFT_ALERT = AssetAlias(name="churn_drift_alert")
