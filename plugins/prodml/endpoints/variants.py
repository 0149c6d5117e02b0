"""The variants of an endpoint, or of a configuration: which there are, and how many instances."""

from __future__ import annotations

from math import isclose

from prodml.vocabulary import EndpointStatus, Json

KINDS = ("ProductionVariants", "ShadowProductionVariants")


def fulfils(variant: Json, wish: Json) -> bool:
    """Whether a described *variant* has the weight, and at least the instances, of a *wish*."""
    weight: float = variant.get("CurrentWeight", -1.0)
    enough = variant.get("CurrentInstanceCount", 0) >= wish.get("DesiredInstanceCount", 0)
    return enough and isclose(weight, wish.get("DesiredWeight", weight), abs_tol=1e-6)


def serves(found: Json, config: str) -> bool:
    """Whether the endpoint is in service on *config*."""
    in_service = found["EndpointStatus"] == EndpointStatus.IN_SERVICE
    return in_service and found.get("EndpointConfigName") == config


def names(description: Json) -> set[str]:
    """The variants of an endpoint or of a configuration, with its shadow."""
    return {variant["VariantName"] for variant in variants(description)}


def variants(description: Json) -> list[Json]:
    return [variant for kind in KINDS for variant in description.get(kind, [])]


def instances(description: Json) -> dict[str, int]:
    """Running instances by variant."""
    found = variants(description)
    return {v["VariantName"]: int(v.get("CurrentInstanceCount") or 0) for v in found}


def desired(description: Json) -> dict[str, int]:
    """Instances that should run, by variant."""
    found = variants(description)
    return {v["VariantName"]: int(v.get("DesiredInstanceCount") or 0) for v in found}


def retyped(present: Json, wanted: Json) -> list[str]:
    """Variants of one configuration that the next gives up, or gives another instance type.

    AWS demands that these are deregistered first, and no others:
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
    """
    types = {v["VariantName"]: v.get("InstanceType") for v in variants(wanted)}
    now = {v["VariantName"]: v.get("InstanceType") for v in variants(present)}
    return [name for name, kind in now.items() if kind and types.get(name) != kind]
