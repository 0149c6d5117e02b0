"""Snapshots of the configuration and models that an endpoint runs.

With a snapshot, a configuration or a model that is deleted later does not break a restart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...containers.images import resolved
from ...core.store import Doc
from ..models.models import MODEL, is_direct, serving_containers
from . import hosting
from .configs import ENDPOINT_CONFIG

if TYPE_CHECKING:
    from ...core.account import Aws

RETAINED = ("DesiredInstanceCount", "DesiredWeight")


def snapshot(aws: Aws, config_name: str) -> Doc:
    """Return the snapshot of a configuration; refuse an unknown configuration or model."""
    config = ENDPOINT_CONFIG.get(aws, config_name)
    return {
        "EndpointConfigName": config_name,
        "Variants": [_variant(aws, spec) for spec in config["ProductionVariants"]],
        "ShadowVariants": [
            _variant(aws, spec) for spec in config.get("ShadowProductionVariants", [])
        ],
        "DataCapture": config.get("DataCaptureConfig"),
        "Async": config.get("AsyncInferenceConfig"),
        "ExecutionRoleArn": config.get("ExecutionRoleArn"),
        "EnableNetworkIsolation": config.get("EnableNetworkIsolation"),
    }


def _variant(aws: Aws, spec: Doc) -> Doc:
    weight = spec.get("InitialVariantWeight", 1.0)
    if hosting.hosts_components(spec):
        count = hosting.at_start(spec)
        return spec | {"Containers": [], "DesiredInstanceCount": count, "DesiredWeight": weight}
    return spec | {
        "Containers": serving_containers(aws, spec["ModelName"]),
        "Direct": is_direct(MODEL.get(aws, spec["ModelName"])),
        "DesiredInstanceCount": spec.get("InitialInstanceCount") or at_start(spec),
        "DesiredWeight": weight,
    }


def at_start(spec: Doc) -> int:
    """Return the instances of a serverless variant that are started before its first request."""
    return max(1, int(spec.get("ServerlessConfig", {}).get("ProvisionedConcurrency", 1)))


def specs(doc: Doc) -> list[Doc]:
    """Return all variants of a snapshot, with the shadows."""
    return [*doc["Variants"], *doc.get("ShadowVariants", [])]


def retain(new: Doc, old: Doc, excluded: set[str]) -> None:
    """Retain instance counts, weights and capture, for RetainAllVariantProperties."""
    former = {variant["VariantName"]: variant for variant in specs(old)}
    for variant in specs(new):
        for member in RETAINED:
            if member in excluded or variant["VariantName"] not in former:
                continue
            variant[member] = former[variant["VariantName"]][member]
    if "DataCaptureConfig" not in excluded:
        new["DataCapture"] = old.get("DataCapture")


def summaries(
    doc: Doc, running: dict[str, int], now: float, status: list[Doc] | None = None
) -> Doc:
    """Return the summaries ProductionVariants and ShadowProductionVariants."""

    def summed(variants: list[Doc]) -> list[Doc]:
        return [_summary(variant, running, now) | {"VariantStatus": status} for variant in variants]

    return {
        "ProductionVariants": summed(doc["Variants"]),
        "ShadowProductionVariants": summed(doc.get("ShadowVariants", [])) or None,
    }


def _summary(variant: Doc, running: dict[str, int], now: float) -> Doc:
    images = [container["Image"] for container in variant["Containers"]]
    return {
        "VariantName": variant["VariantName"],
        "DeployedImages": [deployed_image(image, now) for image in images] or None,
        "CurrentWeight": variant.get("CurrentWeight", variant["DesiredWeight"]),
        "DesiredWeight": variant["DesiredWeight"],
    } | _capacity(variant, running)


def deployed_image(image: str, now: float) -> Doc:
    return {"SpecifiedImage": image, "ResolvedImage": resolved(image), "ResolutionTime": now}


def _capacity(variant: Doc, running: dict[str, int]) -> Doc:
    """Return what the variant has for its requests: instances, or its concurrency."""
    if config := variant.get("ServerlessConfig"):
        return {"CurrentServerlessConfig": config, "DesiredServerlessConfig": config}
    return {
        "ManagedInstanceScaling": variant.get("ManagedInstanceScaling"),
        "RoutingConfig": variant.get("RoutingConfig"),
        "InstanceType": variant.get("InstanceType"),
        "CurrentInstanceCount": running.get(variant["VariantName"], 0),
        "DesiredInstanceCount": variant["DesiredInstanceCount"],
    }


def capture_summary(doc: Doc) -> Doc | None:
    """Return DataCaptureConfigSummary, which an endpoint without capture does not have."""
    config = doc.get("DataCapture")
    if not config:
        return None
    enabled = config.get("EnableCapture", False)
    return {
        "EnableCapture": enabled,
        "CaptureStatus": "Started" if enabled else "Stopped",
        "CurrentSamplingPercentage": config["InitialSamplingPercentage"],
        "DestinationS3Uri": config["DestinationS3Uri"],
        "KmsKeyId": config.get("KmsKeyId", ""),
    }
