"""Every Airflow Asset of the project, named once: DAGs meet only through these."""

from __future__ import annotations

from airflow.sdk import Asset, AssetAlias

# Names, not URIs: a URI with a scheme makes every parse import the handlers of all providers.


def model(pipeline: str) -> Asset:
    """Somebody deployed a model of the pipeline."""
    return Asset(f"{pipeline}_model")


def drift(pipeline: str) -> Asset:
    """The pipeline's model is asked what it has not learned: retrain it."""
    return Asset(f"{pipeline}_drift")


CHURN_MODEL = model("churn")
CHURN_DRIFT = drift("churn")

# A check emits the drift Asset only when it decides so: an alias emits nothing by itself.
CHURN_DRIFT_ALERT = AssetAlias(name="churn_drift_alert")

# By hand, any pipeline's model is deployed: which one, the form says.
MODEL_DEPLOYED = AssetAlias(name="model_deployed")
