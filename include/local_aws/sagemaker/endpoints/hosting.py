"""Variants without a model, whose instances host inference components.

Sources: botocore's ProductionVariant and
https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...containers.instance_types import Resources, resources_of
from ...core.store import Doc
from ...wire.errors import validation
from ..runtime.components import needs_of
from ..runtime.placement import NO_ROOM, fit

if TYPE_CHECKING:
    from ...core.account import Aws

COMPONENT = "inference-component"  # the kind of their documents
NOT_WITH_COMPONENTS = ("DataCaptureConfig", "AsyncInferenceConfig", "ShadowProductionVariants")
NOT_EMULATED = ("InstancePools", "CapacityReservationConfig")


def hosts_components(variant: Doc) -> bool:
    """Return whether *variant* has no model of its own."""
    return "ModelName" not in variant


def check_config(request: Doc) -> None:
    """Refuse what a configuration for inference components cannot have."""
    variants = request["ProductionVariants"]
    if not any(hosts_components(variant) for variant in variants):
        return
    if len(variants) > 1:
        names = [variant["VariantName"] for variant in variants]
        raise validation(
            "A variant without a ModelName, for inference components, together with others is not "
            f"emulated by the embedded AWS: {names}. Use one variant."
        )
    if "ExecutionRoleArn" not in request:
        raise validation(
            "ExecutionRoleArn is required for an endpoint configuration whose variant has no "
            "ModelName: inference components use it."
        )
    if refused := [member for member in NOT_WITH_COMPONENTS if request.get(member)]:
        raise validation(
            f"{refused[0]} with inference components is not emulated by the embedded AWS. Remove "
            "it, or give the variant a ModelName."
        )


def check(variant: Doc) -> None:
    """Refuse a variant whose instances cannot host components."""
    name = variant["VariantName"]
    if "ServerlessConfig" in variant:
        raise validation(f"Variant {name} is serverless and needs a ModelName.")
    if refused := [member for member in NOT_EMULATED if member in variant]:
        raise validation(f"{refused[0]} of variant {name} is not emulated. Use InstanceType.")
    if "InstanceType" not in variant:
        raise validation(f"Variant {name} needs an InstanceType.")
    capacity(variant)
    if scaling := bounds(variant):
        _check_scaling(name, variant, *scaling)
    elif "InitialInstanceCount" not in variant:
        raise validation(f"Variant {name} needs an InitialInstanceCount.")


def _check_scaling(name: str, variant: Doc, low: int, high: int) -> None:
    if low > high:
        raise validation(
            f"ManagedInstanceScaling of variant {name}: MinInstanceCount {low} is above "
            f"MaxInstanceCount {high}."
        )
    count = variant.get("InitialInstanceCount", low)
    if not low <= count <= high:
        raise validation(
            f"InitialInstanceCount {count} of variant {name} is outside of its "
            f"ManagedInstanceScaling, {low} to {high}."
        )


def bounds(variant: Doc) -> tuple[int, int] | None:
    """Return the least and most instances of managed scaling; None if it is not enabled."""
    scaling = variant.get("ManagedInstanceScaling", {})
    if scaling.get("Status") != "ENABLED":
        return None
    low = scaling.get("MinInstanceCount", 1)
    return low, scaling.get("MaxInstanceCount", max(low, variant.get("InitialInstanceCount", 1)))


def at_start(variant: Doc) -> int:
    """Return the number of instances with which the variant starts."""
    scaling = bounds(variant)
    return int(variant.get("InitialInstanceCount", scaling[0] if scaling else 1))


def capacity(variant: Doc) -> Resources:
    """Return what each instance of *variant* has for copies."""
    try:
        return resources_of(variant["InstanceType"])
    except ValueError as error:
        raise validation(str(error)) from None


def components_on(aws: Aws, endpoint: str) -> list[Doc]:
    """Return the components of *endpoint*."""
    return [doc for doc in aws.store.list(COMPONENT) if doc["EndpointName"] == endpoint]


def require_none(aws: Aws, endpoint: str, arn: str) -> None:
    """Refuse to delete an endpoint that has inference components."""
    if names := [doc["InferenceComponentName"] for doc in components_on(aws, endpoint)]:
        raise validation(
            f'Cannot delete endpoint "{arn}" while it has inference components: '
            f"{', '.join(names)}. Delete them first."
        )


def require_room(aws: Aws, endpoint: str, variant: Doc, count: int) -> None:
    """Refuse *count* instances of *variant* if the copies on it would have no room."""
    needs = [
        needs_of(doc["Specification"]["ComputeResourceRequirements"])
        for doc in components_on(aws, endpoint)
        for _ in range(doc["CopyCount"])
    ]
    scaling = bounds(variant)
    if not fit(needs, capacity(variant), max(count, scaling[1] if scaling else 0)):
        raise validation(NO_ROOM)


def check_update(aws: Aws, endpoint: str, present: Doc, target: Doc) -> None:
    """Refuse an update that changes between models and components, or where copies have no room."""
    before, after = present["Variants"], target["Variants"]
    kinds = {hosts_components(variant) for variant in (*before, *after)}
    if kinds == {True, False}:
        raise validation(
            f"Endpoint {endpoint} cannot change between models and inference components. Create "
            "another endpoint."
        )
    if kinds == {True}:
        if before[0]["VariantName"] != after[0]["VariantName"]:
            raise validation(
                f"Variant {before[0]['VariantName']} hosts inference components and cannot be "
                "renamed. Keep its name."
            )
        require_room(aws, endpoint, after[0], after[0]["DesiredInstanceCount"])
