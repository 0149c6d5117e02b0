"""Let SageMaker search for hyperparameters, and return the best trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prodml.exceptions import NothingToSelectError
from prodml.hooks.calls import patiently
from prodml.operators.job import SageMakerJobOperator
from prodml.operators.training import RESERVED, decoded, encoded, serving_container
from prodml.vocabulary import TUNING, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class TuningOperator(SageMakerJobOperator):
    """
    Run a hyperparameter tuning job; stopping it stops its training jobs.

    Returns ``{"job_name", "best", "metric", "value", "hyperparameters", "model_data", "image",
    "container", "counts"}``; *best* is the best training job's name, *counts* the training jobs by
    status, *container* what serves the model. Raises NothingToSelectError when no training job
    reported the metric.

    :param config: The CreateHyperParameterTuningJob request without its name. Static
        hyperparameters may be numbers.
    """

    kind = TUNING

    def build(self, context: Context) -> Json:
        definition = dict(self.config["TrainingJobDefinition"])
        if self.role_arn:
            definition.setdefault("RoleArn", self.role_arn)
        static = definition.get("StaticHyperParameters", {})
        definition["StaticHyperParameters"] = {k: encoded(v) for k, v in static.items()}
        return self.config | {"TrainingJobDefinition": definition}

    def outputs(self, description: Json) -> list[str]:
        best = description.get("BestTrainingJob", {}).get("TrainingJobName")
        return [self._training(best)["ModelArtifacts"]["S3ModelArtifacts"]] if best else []

    def result(self, name: str, description: Json) -> Json:
        best = description.get("BestTrainingJob")
        if not best:
            raise NothingToSelectError(
                f"No training job of tuning job {name} reported the objective. "
                "Check the metric's name and its pattern in MetricDefinitions."
            )
        job = self._training(best["TrainingJobName"])
        image, parameters = job["AlgorithmSpecification"]["TrainingImage"], job["HyperParameters"]
        model_data = job["ModelArtifacts"]["S3ModelArtifacts"]
        objective = best["FinalHyperParameterTuningJobObjectiveMetric"]
        shown = {k: decoded(v) for k, v in parameters.items() if not k.startswith(("_", RESERVED))}
        return {
            "job_name": name,
            "best": best["TrainingJobName"],
            "metric": objective["MetricName"],
            "value": float(objective["Value"]),
            "hyperparameters": shown,
            "model_data": model_data,
            "image": image,
            "container": serving_container(image, model_data, parameters),
            "counts": description["TrainingJobStatusCounters"],
        }

    def _training(self, name: str) -> dict[str, Any]:
        found: Json = patiently(self.sagemaker.describe_training_job, TrainingJobName=name)
        return found
