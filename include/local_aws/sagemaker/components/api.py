"""Operations on inference components."""

from __future__ import annotations

import asyncio

from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import validation
from ..endpoints import hosting
from ..endpoints.api import ENDPOINT
from . import rollout, specification, states
from .live import Components

INFERENCE_COMPONENT = Resource(
    noun="InferenceComponent",
    kind=states.KIND,
    summaries="InferenceComponents",
    status="InferenceComponentStatus",
    taken=lambda name, arn: validation(
        f'Cannot create already existing inference component "{arn}".'
    ),
    unknown=lambda name, arn: validation(f'Could not find inference component "{arn}".'),
)
NOT_SUPPORTED = (
    "Inference Components are not supported in this Endpoint. Please make sure this endpoint can "
    "deploy inference components."
)


@operation("sagemaker", "CreateInferenceComponent")
def create_inference_component(aws: Aws, request: Doc) -> Doc:
    endpoint = ENDPOINT.get(aws, request["EndpointName"])
    variant = _hosting_variant(endpoint, request.get("VariantName"))
    wanted = _specification(request)
    if wanted is None:
        raise validation("Specification is required to create an inference component.")
    specification.check(wanted, variant)
    copies = request.get("RuntimeConfig", {}).get("CopyCount", 0)
    if copies < 1:
        raise validation(
            "RuntimeConfig of a new inference component needs a CopyCount larger than 0. Scale it "
            "to zero after it is in service."
        )
    doc = INFERENCE_COMPONENT.create(
        aws,
        request,
        InferenceComponentStatus="Creating",
        VariantName=variant["VariantName"],
        EndpointArn=endpoint["EndpointArn"],
        Containers=specification.containers_of(aws, wanted, endpoint["Deployment"]),
        CopyCount=copies,
    )
    aws.part(Components).create(request["InferenceComponentName"])
    return doc


def _specification(request: Doc) -> Doc | None:
    if "Specifications" in request:
        raise validation(
            "Specifications, one for each instance type, is not emulated by the embedded AWS. Use "
            "Specification."
        )
    wanted: Doc | None = request.get("Specification")
    return wanted


def _hosting_variant(endpoint: Doc, name: str | None) -> Doc:
    """Return the endpoint's variant that hosts components; refuse an endpoint without one."""
    variants: list[Doc] = endpoint["Deployment"]["Variants"]
    if not hosting.hosts_components(variants[0]):
        raise validation(NOT_SUPPORTED)
    if name not in (None, variants[0]["VariantName"]):
        raise validation(
            f"Endpoint {endpoint['EndpointName']} has no variant {name}. It has: "
            f"{variants[0]['VariantName']}."
        )
    if endpoint["EndpointStatus"] != "InService":
        raise validation(
            f'Endpoint "{endpoint["EndpointArn"]}" is {endpoint["EndpointStatus"]}. Wait until it '
            "is InService."
        )
    return variants[0]


@operation("sagemaker", "ListInferenceComponents")
def list_inference_components(aws: Aws, request: Doc) -> Doc:
    wanted = {
        member: request[f"{member}Equals"]
        for member in ("EndpointName", "VariantName")
        if f"{member}Equals" in request
    }
    docs = [
        doc
        for doc in aws.store.list(states.KIND)
        if all(doc[member] == value for member, value in wanted.items())
    ]
    return INFERENCE_COMPONENT.list(aws, request, docs)


@operation("sagemaker", "DescribeInferenceComponent")
def describe_inference_component(aws: Aws, request: Doc) -> Doc:
    doc = INFERENCE_COMPONENT.get(aws, request["InferenceComponentName"])
    doc["Specification"] = specification.summary(doc)
    current = aws.part(Components).current(doc["InferenceComponentName"])
    wanted = (doc.get("Target") or doc)["CopyCount"]
    doc["RuntimeConfig"] = {"DesiredCopyCount": wanted, "CurrentCopyCount": current}
    return doc


@operation("sagemaker", "UpdateInferenceComponent")
def update_inference_component(aws: Aws, request: Doc) -> Doc:
    """Start the update to another model or count, in the steps of DeploymentConfig."""
    doc = INFERENCE_COMPONENT.get(aws, request["InferenceComponentName"])
    name, changes = doc["InferenceComponentName"], _specification(request)
    copies = request.get("RuntimeConfig", {}).get("CopyCount", doc["CopyCount"])
    if changes is None and "RuntimeConfig" not in request:
        raise validation("UpdateInferenceComponent needs a Specification or a RuntimeConfig.")
    states.require(doc, "Updating")
    config = request.get("DeploymentConfig")
    if config:
        rollout.check(aws, config, copies)
    if changes is None:
        resize(aws, name, copies)
        return doc
    endpoint = ENDPOINT.get(aws, doc["EndpointName"])
    wanted = specification.merged(doc["Specification"], changes)
    specification.check(wanted, endpoint["Deployment"]["Variants"][0])
    target = {
        "Specification": wanted,
        "Containers": specification.containers_of(aws, wanted, endpoint["Deployment"]),
        "CopyCount": copies,
        "DeploymentConfig": config,
    }
    last = config or doc.get("LastDeploymentConfig")
    states.MACHINE.move(
        aws, name, "Updating", FailureReason=None, Target=target, LastDeploymentConfig=last
    )
    aws.part(Components).update(name)
    return doc


@operation("sagemaker", "UpdateInferenceComponentRuntimeConfig")
def update_inference_component_runtime_config(aws: Aws, request: Doc) -> Doc:
    doc = INFERENCE_COMPONENT.get(aws, request["InferenceComponentName"])
    copies = request["DesiredRuntimeConfig"]["CopyCount"]
    resize(aws, doc["InferenceComponentName"], copies)
    return doc


def resize(aws: Aws, name: str, copies: int) -> asyncio.Task[None]:
    """Start to scale; the task ends when the component is in service again."""
    doc = INFERENCE_COMPONENT.get(aws, name)
    states.require(doc, "Updating")
    states.MACHINE.move(aws, name, "Updating", FailureReason=None, CopyCount=copies)
    return aws.part(Components).scale(name)


@operation("sagemaker", "DeleteInferenceComponent")
def delete_inference_component(aws: Aws, request: Doc) -> Doc:
    doc = INFERENCE_COMPONENT.get(aws, request["InferenceComponentName"])
    states.require(doc, "Deleting")
    states.MACHINE.move(aws, doc["InferenceComponentName"], "Deleting")
    aws.part(Components).delete(doc["InferenceComponentName"])
    return {}
