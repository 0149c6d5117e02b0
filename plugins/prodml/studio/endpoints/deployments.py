"""Read the deployments of an endpoint or component: in progress, in service, and earlier ones."""

from __future__ import annotations

from typing import TypedDict

from prodml.aws.client import Clients
from prodml.aws.retries import visible, with_retries
from prodml.aws.tagged import SERVICE as TAGGING
from prodml.aws.tagged import tagged
from prodml.endpoints.cleanup import OWNER, SERVED
from prodml.naming import identity_of
from prodml.studio.components import model_of
from prodml.studio.moments import iso
from prodml.studio.served import CONFIGS, MODELS, version_number
from prodml.vocabulary import Json

NEWEST = 20  # configurations
IN_SERVICE, IN_PROGRESS, EARLIER, NEVER = "in service", "in progress", "earlier", "never verified"


class Deployment(TypedDict):
    """A configuration of an endpoint, or a model of a component, and the run that made it.

    A configuration that was never verified was rolled back, or interrupted. *version* is what it
    was made for.
    """

    config: str
    version: int | None
    created: str | None
    verified: str | None
    state: str
    dag: str
    run: str


class Deployments(TypedDict):
    """The strategy of the last update in words, its alarms, and the configurations."""

    strategy: str
    rollback_alarms: list[str]
    history: list[Deployment]


def deployments(aws: Clients, described: Json) -> Deployments:
    """Return the deployments of a described endpoint, the newest first."""
    last = described.get("LastDeploymentConfig", {})
    rollback = last.get("AutoRollbackConfiguration", {}).get("Alarms", [])
    return {
        "strategy": _strategy(last),
        "rollback_alarms": [alarm["AlarmName"] for alarm in rollback],
        "history": _history(aws, described),
    }


def _strategy(deployment: Json) -> str:
    """Return how traffic was shifted, such as `canary of 10 %, 300 s`."""
    if rolling := deployment.get("RollingUpdatePolicy"):
        return f"rolling, {_size(rolling['MaximumBatchSize'])} a batch"
    routing = deployment.get("BlueGreenUpdatePolicy", {}).get("TrafficRoutingConfiguration", {})
    step = routing.get("CanarySize") or routing.get("LinearStepSize")
    wait = f", {routing['WaitIntervalInSeconds']} s" if step else ""
    kind = str(routing.get("Type", "ALL_AT_ONCE")).lower().replace("_", " ")
    return f"{kind} of {_size(step)}{wait}" if step else kind


def _size(size: Json) -> str:
    unit = "%" if size["Type"] == "CAPACITY_PERCENT" else "instances"
    return f"{size['Value']} {unit}"


def _history(aws: Clients, described: Json) -> list[Deployment]:
    """Return the endpoint's configurations that still exist, by the tag of their owner."""
    tags = tagged(aws.client(TAGGING), CONFIGS, OWNER, described["EndpointName"])
    page = with_retries(
        aws.client("sagemaker").list_endpoint_configs,
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=100,
        NameContains=described["EndpointName"],
    )
    owned = [c for c in page["EndpointConfigs"] if c["EndpointConfigArn"].lower() in tags]
    return [_deployment(c, tags[c["EndpointConfigArn"].lower()], described) for c in owned[:NEWEST]]


def _deployment(config: Json, tags: dict[str, str], described: Json) -> Deployment:
    name = config["EndpointConfigName"]
    state = EARLIER if SERVED in tags else NEVER
    if name == described["EndpointConfigName"]:
        state = IN_SERVICE
    elif name == described.get("PendingDeploymentSummary", {}).get("EndpointConfigName"):
        state = IN_PROGRESS
    return _made(name, config, tags, state)


def _made(name: str, resource: Json, tags: dict[str, str], state: str) -> Deployment:
    owner = identity_of(tags)
    return {
        "config": name,
        "version": version_number(tags),
        "created": iso(resource.get("CreationTime")),
        "verified": tags.get(SERVED),
        "state": state,
        "dag": owner.dag if owner else "",
        "run": owner.run if owner else "",
    }


def deployments_of(aws: Clients, model: str) -> list[Deployment]:
    """Return the deployments of *model*, the newest first: of its component, or of its endpoint."""
    sagemaker = aws.client("sagemaker")
    component = visible(sagemaker.describe_inference_component, InferenceComponentName=model)
    if component:
        return _models_of(aws, component)
    described = visible(sagemaker.describe_endpoint, EndpointName=model)
    return _history(aws, described) if described else []


def _models_of(aws: Clients, component: Json) -> list[Deployment]:
    """Return the models that a described *component* has had, as far as they still exist."""
    name, serving = component["InferenceComponentName"], model_of(component)
    tags = tagged(aws.client(TAGGING), MODELS, OWNER, name)
    page = with_retries(
        aws.client("sagemaker").list_models,
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=100,
        NameContains=name,
    )
    owned = [model for model in page["Models"] if model["ModelArn"].lower() in tags]
    return [_of_model(model, tags[model["ModelArn"].lower()], serving) for model in owned[:NEWEST]]


def _of_model(model: Json, tags: dict[str, str], serving: str) -> Deployment:
    name = model["ModelName"]
    return _made(name, model, tags, IN_SERVICE if name == serving else EARLIER)
