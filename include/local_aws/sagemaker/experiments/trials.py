"""Operations on trials, which group the trial components of one attempt."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import WITHOUT_PROFILE, Resource, operation
from ...core.store import Doc
from ...wire.errors import not_found, validation
from .experiments import EXPERIMENT

TRIAL = Resource(
    noun="Trial",
    kind="experiment-trial",
    summaries="TrialSummaries",
    taken=lambda name, arn: validation(
        "Trial names must be unique within an AWS account and region. "
        f"Trial with name '{name}' already exists."
    ),
    unknown=lambda name, arn: not_found(f"Trial '{arn}' does not exist."),
)
TRIAL.register("Describe", "Update")
COMPONENTS = "trial-component"  # the links between a trial and its components


@operation("sagemaker", "CreateTrial")
def create_trial(aws: Aws, request: Doc) -> Doc:
    EXPERIMENT.get(aws, request["ExperimentName"])
    defaults = {"DisplayName": request.get("DisplayName", request["TrialName"])}
    return TRIAL.create(aws, request, **defaults, **WITHOUT_PROFILE)


@operation("sagemaker", "ListTrials")
def list_trials(aws: Aws, request: Doc) -> Doc:
    trials = aws.store.list(TRIAL.kind)
    if experiment := request.get("ExperimentName"):
        EXPERIMENT.get(aws, experiment)
        trials = [trial for trial in trials if trial["ExperimentName"] == experiment]
    if component := request.get("TrialComponentName"):
        names = aws.store.parents(COMPONENTS, component)
        trials = [trial for trial in trials if trial["TrialName"] in names]
    return TRIAL.list(aws, request, trials)


@operation("sagemaker", "DeleteTrial")
def delete_trial(aws: Aws, request: Doc) -> Doc:
    name = request["TrialName"]
    if components := aws.store.children(COMPONENTS, name):
        raise validation(
            f"Trial '{name}' still has {len(components)} trial components. "
            "Disassociate its trial components first."
        )
    return TRIAL.delete(aws, name)
