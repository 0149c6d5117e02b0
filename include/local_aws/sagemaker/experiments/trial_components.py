"""Operations on trial components: the inputs and measurements of one step of a trial."""

from __future__ import annotations

from typing import Any

from ...core.account import Aws
from ...core.registry import WITHOUT_PROFILE, Resource, operation
from ...core.store import Doc
from ...wire.errors import AwsError, not_found, validation
from . import metric_series
from .trials import COMPONENTS, TRIAL

COMPONENT = Resource(
    noun="TrialComponent",
    kind="experiment-trial-component",
    summaries="TrialComponentSummaries",
    taken=lambda name, arn: validation(
        "Trial component names must be unique within an AWS account and region. "
        f"Trial component with name '{name}' already exists."
    ),
    unknown=lambda name, arn: not_found(f"Trial component '{arn}' does not exist."),
    merged=("Parameters", "InputArtifacts", "OutputArtifacts"),
)
COMPONENT.register("Update")


@operation("sagemaker", "CreateTrialComponent")
def create_trial_component(aws: Aws, request: Doc) -> Doc:
    defaults = {"DisplayName": request.get("DisplayName", request["TrialComponentName"])}
    return COMPONENT.create(aws, request, **defaults, **WITHOUT_PROFILE)


@operation("sagemaker", "DescribeTrialComponent")
def describe_trial_component(aws: Aws, request: Doc) -> Doc:
    return measured(aws, COMPONENT.get(aws, request["TrialComponentName"]))


@operation("sagemaker", "DeleteTrialComponent")
def delete_trial_component(aws: Aws, request: Doc) -> Doc:
    name = request["TrialComponentName"]
    if trials := aws.store.parents(COMPONENTS, name):
        raise validation(
            f"Trial component '{name}' is associated with trials {trials}. "
            "Disassociate it from them first."
        )
    deleted = COMPONENT.delete(aws, name)
    metric_series.forget(aws, name)
    return deleted


@operation("sagemaker", "ListTrialComponents")
def list_trial_components(aws: Aws, request: Doc) -> Doc:
    components = aws.store.list(COMPONENT.kind)
    if trial := request.get("TrialName"):
        TRIAL.get(aws, trial)
        members = set(aws.store.children(COMPONENTS, trial))
        components = [c for c in components if c["TrialComponentName"] in members]
    if experiment := request.get("ExperimentName"):
        components = [c for c in components if experiment in experiments_of(aws, c)]
    if source := request.get("SourceArn"):
        components = [c for c in components if c.get("Source", {}).get("SourceArn") == source]
    summaries = [
        c | {"TrialComponentSource": c["Source"]} if "Source" in c else c for c in components
    ]
    return COMPONENT.list(aws, request, summaries)


@operation("sagemaker", "AssociateTrialComponent")
def associate_trial_component(aws: Aws, request: Doc) -> Doc:
    trial = TRIAL.get(aws, request["TrialName"])
    component = COMPONENT.get(aws, request["TrialComponentName"])
    aws.store.link(COMPONENTS, request["TrialName"], request["TrialComponentName"])
    return trial | component


@operation("sagemaker", "DisassociateTrialComponent")
def disassociate_trial_component(aws: Aws, request: Doc) -> Doc:
    trial = TRIAL.get(aws, request["TrialName"])
    component = COMPONENT.get(aws, request["TrialComponentName"])
    aws.store.unlink(COMPONENTS, request["TrialName"], request["TrialComponentName"])
    return trial | component


def measured(aws: Aws, component: Doc) -> Doc:
    """Return a component with its maps and lists, even empty ones, on which SDKs rely."""
    empty: Doc = {member: {} for member in COMPONENT.merged}
    empty["Sources"] = [component["Source"]] if "Source" in component else []
    return empty | component | {"Metrics": metric_series.summaries(aws, component)}


def experiments_of(aws: Aws, component: Doc) -> set[str]:
    return {parent["ExperimentName"] for parent in parents_of(aws, component)}


def parents_of(aws: Aws, component: Doc) -> list[Doc]:
    """Return the trials, and their experiments, that a component belongs to."""
    trials = aws.store.parents(COMPONENTS, component["TrialComponentName"])
    trial_docs = [aws.store.get(TRIAL.kind, trial) for trial in trials]
    return [
        {"TrialName": trial["TrialName"], "ExperimentName": trial["ExperimentName"]}
        for trial in trial_docs
        if trial
    ]


def parents_of_all(aws: Aws) -> dict[str, list[Doc]]:
    """Return the trials, and their experiments, of every component, by its name."""
    trials = {trial["TrialName"]: trial["ExperimentName"] for trial in aws.store.list(TRIAL.kind)}
    parents: dict[str, list[Doc]] = {}
    for trial, component in aws.store.links(COMPONENTS):
        if trial in trials:
            parent = {"TrialName": trial, "ExperimentName": trials[trial]}
            parents.setdefault(component, []).append(parent)
    return parents


def components_of(aws: Aws, member: str, name: str) -> set[str]:
    """Return the names of the components of a trial or an experiment.

    :param member: The member of a parent that is *name*, TrialName or ExperimentName.
    """
    trials = {doc["TrialName"] for doc in aws.store.list(TRIAL.kind) if doc.get(member) == name}
    return {component for trial, component in aws.store.links(COMPONENTS) if trial in trials}


def attach_job(aws: Aws, config: Doc | None, job: str, arn: str, **members: Any) -> str:
    """Create the component of a job, in the trial of its ExperimentConfig if there is one.

    Returns the component's name. *members* are the component's Parameters and artifacts.
    """
    config = config or {}
    kind = arn.split(":")[5].partition("/")[0]
    name = f"{job}-aws-{kind}"
    source = {"SourceArn": arn, "SourceType": f"SageMaker{kind.title().replace('-', '')}"}
    request = {
        "TrialComponentName": name,
        "DisplayName": config.get("TrialComponentDisplayName", name),
        "Source": source,
        "Status": {"PrimaryStatus": "InProgress"},
        "StartTime": aws.clock.now(),
    }
    if not aws.store.get(COMPONENT.kind, name):
        COMPONENT.create(aws, request | members, **WITHOUT_PROFILE)
    if trial := config.get("TrialName"):
        TRIAL.get(aws, trial)
        aws.store.link(COMPONENTS, trial, name)
    return name


def cluster_parameters(cluster: Doc) -> Doc:
    """Return the Parameters of a job's instances; *cluster* is part of its request."""
    numbers = ("InstanceCount", "VolumeSizeInGB")
    parameters: Doc = {
        f"SageMaker.{name}": {"NumberValue": float(cluster[name])}
        for name in numbers
        if name in cluster
    }
    if kind := cluster.get("InstanceType"):
        parameters["SageMaker.InstanceType"] = {"StringValue": kind}
    return parameters


def finish_component(aws: Aws, name: str, status: str, **members: Any) -> None:
    """Record the result of a component's job."""
    try:
        request = {"TrialComponentName": name, "Status": {"PrimaryStatus": status}}
        COMPONENT.update(aws, request | {"EndTime": aws.clock.now()} | members)
    except AwsError:
        return  # deleted while the job ran
