"""Run a hyperparameter tuning job, and return its best trial."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.retries import pages, with_retries
from prodml.exceptions import NothingToSelectError
from prodml.experiments.trials import adopt_job
from prodml.operators.job import SageMakerJobOperator
from prodml.operators.training import artifact_of, encoded, trial_result
from prodml.results import Tuned
from prodml.vocabulary import TUNING, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class TuningOperator(SageMakerJobOperator):
    """
    Run a hyperparameter tuning job; stopping it stops its training jobs.

    Returns ``{"job_name", "metric", "value", "counts", "best"}``; *best* is the best training job,
    as :class:`~prodml.operators.training.TrainTrialOperator` returns one, *counts* the training
    jobs by status. Raises NothingToSelectError if no training job reported the metric.

    :param config: The CreateHyperParameterTuningJob request without its name. Static
        hyperparameters may be numbers.
    :param warm_start_from: Earlier tuning jobs to learn from, at most five.
    :param experiment: The experiment in which each completed training job becomes a trial.
    :param shared_components: Trial components that all of these trials share.
    """

    kind = TUNING
    template_fields: Sequence[str] = (
        *SageMakerJobOperator.template_fields,
        "warm_start_from",
        "experiment",
        "shared_components",
    )

    def __init__(
        self,
        *,
        config: Json,
        warm_start_from: Sequence[str] = (),
        experiment: str | None = None,
        shared_components: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(config=config, **kwargs)
        self.warm_start_from = warm_start_from
        self.experiment = experiment
        self.shared_components = shared_components

    def build(self, context: Context) -> Json:
        definition = dict(self.config["TrainingJobDefinition"])
        if self.role_arn:
            definition.setdefault("RoleArn", self.role_arn)
        static = definition.get("StaticHyperParameters", {})
        definition["StaticHyperParameters"] = {k: encoded(v) for k, v in static.items()}
        return self.config | {"TrainingJobDefinition": definition} | self._warm_start()

    def _warm_start(self) -> Json:
        """Return the WarmStartConfig; the parents may have trained on other data."""
        if not self.warm_start_from:
            return {}
        parents = [{"HyperParameterTuningJobName": name} for name in self.warm_start_from]
        warm = {"ParentHyperParameterTuningJobs": parents, "WarmStartType": "TransferLearning"}
        return {"WarmStartConfig": warm}

    def finish(self, context: Context, name: str, description: Json) -> Any:
        result = super().finish(context, name, description)
        for trial in self._completed(name) if self.experiment else ():
            shown_name = shown(trial["TrainingJobName"])
            shared = self.shared_components
            adopt_job(self.sagemaker, str(self.experiment), trial, shown_name, shared)
        return result

    def _completed(self, name: str) -> Iterator[Json]:
        listed = self.sagemaker.list_training_jobs_for_hyper_parameter_tuning_job
        for page in pages(listed, HyperParameterTuningJobName=name, StatusEquals="Completed"):
            yield from page["TrainingJobSummaries"]

    def outputs(self, description: Json) -> list[str]:
        best = description.get("BestTrainingJob", {}).get("TrainingJobName")
        data = artifact_of(self._training(best)) if best else ""
        return [data] if data else []

    def result(self, name: str, description: Json) -> Tuned:
        best = description.get("BestTrainingJob")
        if not best:
            raise NothingToSelectError(
                f"No training job of tuning job {name} reported the objective. "
                "Check the metric's name and its pattern in MetricDefinitions."
            )
        job = best["TrainingJobName"]
        objective = best["FinalHyperParameterTuningJobObjectiveMetric"]
        return {
            "job_name": name,
            "metric": objective["MetricName"],
            "value": float(objective["Value"]),
            "counts": description["TrainingJobStatusCounters"],
            "best": trial_result(self._training(job), shown(job), job),
        }

    def _training(self, name: str) -> Json:
        description: Json = with_retries(self.sagemaker.describe_training_job, TrainingJobName=name)
        return description


def shown(job: str) -> str:
    """Shorten the name of a training job, `<tuning job>-007-3f0c9a1e`, to `tuned-007-3f0c9a1e`."""
    return f"tuned-{'-'.join(job.rsplit('-', 2)[1:])}"
