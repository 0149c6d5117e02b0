"""Describe an endpoint's variants: traffic, instances, model, image and price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from prodml.endpoints.variants import KINDS
from prodml.vocabulary import Json


class Variant(TypedDict):
    """One variant; *desired* is what was asked for, *instances* what runs."""

    name: str
    shadow: bool
    weight: float
    desired_weight: float
    instances: int
    desired: int
    instance_type: str
    serverless: bool
    model: str
    image: str
    status: str
    usd_per_hour: float | None


def variants(described: Json, config: Json, prices: Mapping[str, float]) -> list[Variant]:
    """Return the variants of a described endpoint on *config*; during an update, those in service.

    :param prices: USD per hour by instance type.
    """
    configured = {v["VariantName"]: v for kind in KINDS for v in config.get(kind, [])}
    return [
        _variant(summary, configured.get(summary["VariantName"], {}), prices, kind != KINDS[0])
        for kind in KINDS
        for summary in described.get(kind, [])
    ]


def _variant(
    summary: Json, configured: Json, prices: Mapping[str, float], is_shadow: bool
) -> Variant:
    kind, running = configured.get("InstanceType", ""), summary.get("CurrentInstanceCount") or 0
    images = summary.get("DeployedImages") or [{}]
    states = summary.get("VariantStatus") or [{}]
    hourly = prices.get(kind)
    return {
        "name": summary["VariantName"],
        "shadow": is_shadow,
        "weight": summary.get("CurrentWeight", 0.0),
        "desired_weight": summary.get("DesiredWeight", 0.0),
        "instances": running,
        "desired": summary.get("DesiredInstanceCount") or 0,
        "instance_type": kind,
        "serverless": "ServerlessConfig" in configured,
        "model": configured.get("ModelName", ""),
        "image": images[0].get("SpecifiedImage", ""),
        "status": states[0].get("Status", ""),
        "usd_per_hour": None if hourly is None else round(hourly * running, 4),
    }
