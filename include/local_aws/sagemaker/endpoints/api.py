"""Operations on endpoints."""

from __future__ import annotations

import asyncio

from ...autoscaling import targets
from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import validation
from . import guardrails, hosting, serverless, snapshots, states
from .fleet import Fleet
from .updates import Update

ENDPOINT = Resource(
    noun="Endpoint",
    kind=states.KIND,
    summaries="Endpoints",
    status="EndpointStatus",
    taken=lambda name, arn: validation(f'Cannot create already existing endpoint "{arn}".'),
    unknown=lambda name, arn: validation(f'Could not find endpoint "{arn}".'),
)
ENDPOINT.register("List")


@operation("sagemaker", "CreateEndpoint")
def create_endpoint(aws: Aws, request: Doc) -> Doc:
    deployment = snapshots.snapshot(aws, request["EndpointConfigName"])
    if config := request.get("DeploymentConfig"):
        guardrails.check(aws, config)
    doc = ENDPOINT.create(aws, request, EndpointStatus="Creating", Deployment=deployment)
    aws.part(Fleet).create(request["EndpointName"])
    return doc


@operation("sagemaker", "DescribeEndpoint")
def describe_endpoint(aws: Aws, request: Doc) -> Doc:
    doc = ENDPOINT.get(aws, request["EndpointName"])
    deployment, status = doc["Deployment"], doc["EndpointStatus"]
    doc["AsyncInferenceConfig"] = deployment.get("Async")
    doc["LastDeploymentConfig"] = doc.get("DeploymentConfig")
    if status not in ("Creating", "Failed"):
        running = aws.part(Fleet).running(doc["EndpointName"])
        resizing = status == "Updating" and not doc.get("Target")
        stage = [{"Status": "Updating", "StartTime": doc["LastModifiedTime"]}] if resizing else None
        doc |= snapshots.summaries(deployment, running, doc["CreationTime"], stage)
        doc["DataCaptureConfig"] = snapshots.capture_summary(deployment)
    if update := aws.part(Fleet).updates.get(doc["EndpointName"]):
        doc["PendingDeploymentSummary"] = _pending(update)
    return doc


def _pending(update: Update) -> Doc:
    running, began = update.new.running(), update.began
    return {
        "EndpointConfigName": update.target["EndpointConfigName"],
        "StartTime": began,
    } | snapshots.summaries(update.target, running, began, update.variant_status)


@operation("sagemaker", "UpdateEndpoint")
def update_endpoint(aws: Aws, request: Doc) -> Doc:
    """Start the update to another configuration, in the steps of the deployment configuration."""
    name = request["EndpointName"]
    doc = ENDPOINT.get(aws, name)
    states.require(doc, "Updating")
    target = snapshots.snapshot(aws, request["EndpointConfigName"])
    _refuse_changed_targets(aws, doc, target)
    if request.get("RetainAllVariantProperties"):
        excluded = request.get("ExcludeRetainedVariantProperties", [])
        snapshots.retain(
            target, doc["Deployment"], {item["VariantPropertyType"] for item in excluded}
        )
    hosting.check_update(aws, name, doc["Deployment"], target)
    last = doc.get("DeploymentConfig")
    config = request.get("DeploymentConfig")
    if config is None and request.get("RetainDeploymentConfig"):
        config = last
    if config:
        guardrails.check(aws, config)
        guardrails.check_fleets(config, doc["Deployment"], target)
    changes = {"Target": target | {"DeploymentConfig": config}, "DeploymentConfig": config or last}
    states.move(aws, name, "Updating", FailureReason=None, **changes)
    aws.part(Fleet).update(name)
    return doc


def _refuse_changed_targets(aws: Aws, doc: Doc, target: Doc) -> None:
    """Refuse to remove a scalable variant, or to change its instance type."""
    types = {v["VariantName"]: v.get("InstanceType") for v in target["Variants"]}
    for variant in doc["Deployment"]["Variants"]:
        name = variant["VariantName"]
        if types.get(name) == variant.get("InstanceType"):
            continue
        if targets.find(aws, doc["EndpointName"], name):
            raise validation(
                f'The variant(s) "[{name}]" must be deregistered as scalable targets with AWS Auto '
                "Scaling before they can be removed or have their instance type updated."
            )


@operation("sagemaker", "UpdateEndpointWeightsAndCapacities")
def update_endpoint_weights_and_capacities(aws: Aws, request: Doc) -> Doc:
    return resize(aws, request["EndpointName"], request["DesiredWeightsAndCapacities"])[0]


def resize(aws: Aws, name: str, wishes: list[Doc]) -> tuple[Doc, asyncio.Task[None]]:
    """Start to scale; the task ends when the endpoint is in service again."""
    doc = ENDPOINT.get(aws, name)
    states.require(doc, "Updating")
    variants = {v["VariantName"]: v for v in snapshots.specs(doc["Deployment"])}
    for wish in wishes:
        variant = variants.get(wish["VariantName"])
        if variant is None:
            raise validation(
                f'The variant name(s) "{wish["VariantName"]}" is/are not present within endpoint '
                f'configuration "{doc["EndpointConfigName"]}".'
            )
        serverless.update(variant, wish)
        if hosting.hosts_components(variant) and "DesiredInstanceCount" in wish:
            hosting.require_room(aws, name, variant, wish["DesiredInstanceCount"])
        elif wish.get("DesiredInstanceCount") == 0 and not doc["Deployment"].get("Async"):
            raise validation(
                f"DesiredInstanceCount of variant {wish['VariantName']} cannot be 0: only "
                "asynchronous endpoints scale to zero. Use at least 1."
            )
        variant |= {k: wish[k] for k in snapshots.RETAINED if k in wish}
    moved = states.move(aws, name, "Updating", Deployment=doc["Deployment"], FailureReason=None)
    return moved, aws.part(Fleet).resize(name)


@operation("sagemaker", "DeleteEndpoint")
def delete_endpoint(aws: Aws, request: Doc) -> Doc:
    """Delete the endpoint and, as AWS does silently, its scalable targets."""
    name = request["EndpointName"]
    doc = ENDPOINT.get(aws, name)
    states.require(doc, "Deleting")
    hosting.require_none(aws, name, doc["EndpointArn"])
    targets.forget(aws, name)
    states.move(aws, name, "Deleting")
    aws.part(Fleet).delete(name)
    return {}
