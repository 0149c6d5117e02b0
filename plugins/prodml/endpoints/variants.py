"""Read the variants of an endpoint or a configuration, and their instance counts."""

from __future__ import annotations

from math import isclose

from prodml.vocabulary import EndpointStatus, Json

KINDS = ("ProductionVariants", "ShadowProductionVariants")


def fulfils(variant: Json, wish: Json) -> bool:
    """Return whether a described *variant* has a *wish*'s weight and at least its instances."""
    weight: float = variant.get("CurrentWeight", -1.0)
    enough = variant.get("CurrentInstanceCount", 0) >= wish.get("DesiredInstanceCount", 0)
    return enough and isclose(weight, wish.get("DesiredWeight", weight), abs_tol=1e-6)


def serves(endpoint: Json, config: str) -> bool:
    """Return whether the endpoint is in service on *config*."""
    in_service = endpoint["EndpointStatus"] == EndpointStatus.IN_SERVICE
    return in_service and endpoint.get("EndpointConfigName") == config


def names(description: Json) -> set[str]:
    """Return the names of all variants, including the shadow."""
    return {variant["VariantName"] for variant in variants(description)}


def variants(description: Json) -> list[Json]:
    return [variant for kind in KINDS for variant in description.get(kind, [])]


def instances(description: Json) -> dict[str, int]:
    """Return the running instances by variant."""
    all_variants = variants(description)
    return {v["VariantName"]: int(v.get("CurrentInstanceCount") or 0) for v in all_variants}


def desired(description: Json) -> dict[str, int]:
    """Return the desired instances by variant."""
    all_variants = variants(description)
    return {v["VariantName"]: int(v.get("DesiredInstanceCount") or 0) for v in all_variants}


def retyped(present: Json, wanted: Json) -> list[str]:
    """Return the variants that the next configuration drops, or gives another instance type.

    AWS requires that exactly these are deregistered first:
    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html
    """
    types = {v["VariantName"]: v.get("InstanceType") for v in variants(wanted)}
    now = {v["VariantName"]: v.get("InstanceType") for v in variants(present)}
    return [name for name, kind in now.items() if kind and types.get(name) != kind]
