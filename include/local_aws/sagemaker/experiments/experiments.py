"""Operations on experiments, which group trials."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import WITHOUT_PROFILE, Resource, operation
from ...core.store import Doc
from ...wire.errors import not_found, validation

EXPERIMENT = Resource(
    noun="Experiment",
    kind="experiment",
    summaries="ExperimentSummaries",
    taken=lambda name, arn: validation(
        "Experiment names must be unique within an AWS account and region. "
        f"Experiment with name '{name}' already exists."
    ),
    unknown=lambda name, arn: not_found(f"Experiment '{arn}' does not exist."),
)
EXPERIMENT.register("Describe", "Update", "List")


@operation("sagemaker", "CreateExperiment")
def create_experiment(aws: Aws, request: Doc) -> Doc:
    defaults = {"DisplayName": request.get("DisplayName", request["ExperimentName"])}
    return EXPERIMENT.create(aws, request, **defaults, **WITHOUT_PROFILE)


@operation("sagemaker", "DeleteExperiment")
def delete_experiment(aws: Aws, request: Doc) -> Doc:
    name = request["ExperimentName"]
    trials = [t for t in aws.store.list("experiment-trial") if t["ExperimentName"] == name]
    if trials:
        raise validation(
            f"Experiment '{name}' still has {len(trials)} trials. Delete its trials first."
        )
    return EXPERIMENT.delete(aws, name)
