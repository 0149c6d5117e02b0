"""Run an AutoML job (SageMaker Autopilot) on a table, and return its best candidate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.retries import pages, with_retries
from prodml.company_rules import company_rules
from prodml.exceptions import NothingToSelectError, RequestRefusedError
from prodml.experiments.trials import adopt_job
from prodml.operators.job import SageMakerJobOperator
from prodml.operators.training import trial_result
from prodml.results import AutoTrained, Trial
from prodml.vocabulary import AUTOML, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

PROBLEM = "AutoMLProblemTypeConfig"
FINAL, TRAINING = "FinalAutoMLJobObjectiveMetric", "AWS::SageMaker::TrainingJob"


class AutoMLOperator(SageMakerJobOperator):
    """
    Run an AutoML job on a table; stopping it stops the jobs that it has started.

    Returns ``{"job_name", "objective", "value", "best", "trials"}``; *best* is the best candidate,
    as :class:`~prodml.operators.training.TrainTrialOperator` returns a trial, with the
    ``containers`` of its inference pipeline, and *trials* the training jobs of all completed
    candidates. Raises NothingToSelectError if no candidate has an objective.

    :param config: The CreateAutoMLJobV2 request without its name, with a TabularJobConfig whose
        CompletionCriteria state MaxAutoMLJobRuntimeInSeconds, since the job's instances cost as
        long as it runs.
    :param experiment: The experiment in which each completed candidate becomes a trial.
    :param shared_components: Trial components that all of these trials share.
    """

    kind = AUTOML
    template_fields: Sequence[str] = (
        *SageMakerJobOperator.template_fields,
        "experiment",
        "shared_components",
    )

    def __init__(
        self,
        *,
        config: Json,
        experiment: str | None = None,
        shared_components: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(config=config, **kwargs)
        self.experiment = experiment
        self.shared_components = shared_components

    def build(self, context: Context) -> Json:
        request = dict(self.config)
        if self.role_arn:
            request.setdefault("RoleArn", self.role_arn)
        tabular = request.get(PROBLEM, {}).get("TabularJobConfig")
        if tabular is None:
            raise RequestRefusedError(f"{PROBLEM} needs a TabularJobConfig: set it in config.")
        if "MaxAutoMLJobRuntimeInSeconds" not in tabular.get("CompletionCriteria", {}):
            raise RequestRefusedError(
                "The cost of an AutoML job without MaxAutoMLJobRuntimeInSeconds has no limit. "
                "Set it in the CompletionCriteria of TabularJobConfig."
            )
        if company_rules().network_isolation:
            raise RequestRefusedError(
                "PRODML_NETWORK_ISOLATION demands isolated containers, which AutoML jobs do not "
                "have. Train the pipeline's own candidates instead, by retrain_* or tune_*."
            )
        return request

    def finish(self, context: Context, name: str, description: Json) -> Any:
        result = super().finish(context, name, description)
        for job in self._completed(name) if self.experiment else ():
            shown_name = shown(job["TrainingJobName"])
            shared = self.shared_components
            adopt_job(self.sagemaker, str(self.experiment), job, shown_name, shared)
        return result

    def _completed(self, name: str) -> Iterator[Json]:
        """Yield the training jobs of completed candidates, each with its name and ARN."""
        listed = self.sagemaker.list_candidates_for_auto_ml_job
        for page in pages(listed, AutoMLJobName=name, StatusEquals="Completed"):
            yield from map(_trained_by, page["Candidates"])

    def outputs(self, description: Json) -> list[str]:
        containers = description.get("BestCandidate", {}).get("InferenceContainers", [])
        return list(dict.fromkeys(container["ModelDataUrl"] for container in containers))

    def result(self, name: str, description: Json) -> AutoTrained:
        best = description.get("BestCandidate")
        if not best or FINAL not in best:
            raise NothingToSelectError(
                f"No candidate of AutoML job {name} has an objective. Read the FailureReason of "
                "its candidates in ListCandidatesForAutoMLJob, or raise its limits."
            )
        objective = best[FINAL]
        return {
            "job_name": name,
            "objective": objective["MetricName"],
            "value": float(objective["Value"]),
            "best": self._trial(best),
            "trials": [{"job_name": job["TrainingJobName"]} for job in self._completed(name)],
        }

    def _trial(self, candidate: Json) -> Trial:
        job = _trained_by(candidate)["TrainingJobName"]
        description = with_retries(self.sagemaker.describe_training_job, TrainingJobName=job)
        trial = trial_result(description, shown(job), job)
        containers = candidate["InferenceContainers"]
        serving = next(c for c in containers if c["ModelDataUrl"] == trial["model_data"])
        algorithm = trial["hyperparameters"].get("algorithm", trial["algorithm"])
        return {
            **trial,
            "algorithm": str(algorithm),
            "container": serving,
            "containers": containers,
        }


def _trained_by(candidate: Json) -> Json:
    """Return name and ARN of the training job of a candidate: its last step that is one."""
    step = [s for s in candidate["CandidateSteps"] if s["CandidateStepType"] == TRAINING][-1]
    return {
        "TrainingJobName": step["CandidateStepName"],
        "TrainingJobArn": step["CandidateStepArn"],
    }


def shown(job: str) -> str:
    """Shorten the name of a candidate's training job to `automl-007-3f0c9a1e`."""
    return f"automl-{'-'.join(job.rsplit('-', 2)[1:])}"
