"""Define every Airflow Asset of the project, through which its DAGs are connected."""

from __future__ import annotations

from airflow.sdk import Asset, AssetAlias

# Names, not URIs: a URI with a scheme makes every parse import the handlers of all providers.


def model(pipeline: str) -> Asset:
    """Return the Asset of a pipeline's deployed model."""
    return Asset(f"{pipeline}_model")


def drift(pipeline: str) -> Asset:
    """Return the Asset of drift that a retrain should answer."""
    return Asset(f"{pipeline}_drift")


def drift_alert(pipeline: str) -> AssetAlias:
    """Return the alias through which a check emits the drift Asset, only if it decides to."""
    return AssetAlias(name=f"{pipeline}_drift_alert")


CHURN_MODEL = model("churn")
CHURN_DRIFT = drift("churn")

# The form of deploy_model chooses the pipeline, and so the Asset.
MODEL_DEPLOYED = AssetAlias(name="model_deployed")
