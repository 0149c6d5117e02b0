"""Every Airflow Asset of the project, named once: DAGs meet only through these."""

from __future__ import annotations

from airflow.sdk import Asset

CHURN_MODEL = Asset(name="churn_model", uri="prodml://churn/model")
CHURN_DRIFT = Asset(name="churn_drift", uri="prodml://churn/drift")
