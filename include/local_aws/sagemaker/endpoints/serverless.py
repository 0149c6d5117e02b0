"""Checks of serverless variants in an endpoint configuration.

Source: https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html
"""

from __future__ import annotations

from ...core.account import Aws
from ...core.store import Doc
from ...wire.errors import validation
from ..models.models import MODEL, containers_of, is_multi_model, refuse_data_source

MEMORY_STEP = 1024  # MB
NOT_WITH_SERVERLESS = ("DataCaptureConfig", "AsyncInferenceConfig", "ShadowProductionVariants")


def check_config(request: Doc) -> None:
    """Refuse a configuration that has more than one serverless variant."""
    variants = request["ProductionVariants"]
    if not any("ServerlessConfig" in variant for variant in variants):
        return
    if len(variants) > 1:
        names = [variant["VariantName"] for variant in variants]
        raise validation(
            f"A serverless configuration has one variant, not {len(variants)}: {names}."
        )
    if refused := [member for member in NOT_WITH_SERVERLESS if request.get(member)]:
        raise validation(f"{refused[0]} is not supported with ServerlessConfig. Remove it.")


def check(aws: Aws, variant: Doc) -> None:
    """Refuse what a serverless variant cannot have."""
    name, config = variant["VariantName"], variant["ServerlessConfig"]
    for member in ("InstanceType", "InitialInstanceCount"):
        if member in variant:
            raise validation(f"Variant {name} is serverless and cannot have an {member}.")
    memory = config["MemorySizeInMB"]
    if memory % MEMORY_STEP:
        raise validation(
            f"MemorySizeInMB of variant {name} is {memory}. Use 1024, 2048, 3072, 4096, 5120 or "
            "6144."
        )
    _check_provisioned(name, config)
    model = MODEL.get(aws, variant["ModelName"])
    containers = containers_of(aws, model)
    if len(containers) > 1:
        raise validation(f"Variant {name} is serverless, and its model has several containers.")
    refuse_data_source(variant["ModelName"], containers, "serverless endpoints")
    if is_multi_model(containers[0]):
        raise validation(f"Variant {name} is serverless, and its model has Mode MultiModel.")
    for member in ("VpcConfig", "EnableNetworkIsolation"):
        if model.get(member):
            raise validation(
                f"Variant {name} is serverless, and its model {variant['ModelName']} has "
                f"{member}, which serverless endpoints do not support."
            )


def _check_provisioned(name: str, config: Doc) -> None:
    provisioned, most = config.get("ProvisionedConcurrency", 0), config["MaxConcurrency"]
    if provisioned > most:
        raise validation(
            f"ProvisionedConcurrency {provisioned} of variant {name} is above its MaxConcurrency "
            f"{most}."
        )


def update(variant: Doc, wish: Doc) -> None:
    """Change the concurrency of *variant*; refuse a change that its kind does not have."""
    name, present = variant["VariantName"], variant.get("ServerlessConfig")
    changes = wish.get("ServerlessUpdateConfig")
    if present is None:
        if changes is not None:
            raise validation(f"Variant {name} is not serverless. Remove ServerlessUpdateConfig.")
        return
    if "DesiredInstanceCount" in wish:
        raise validation(
            f"Variant {name} is serverless and has no instances. Change its concurrency by "
            "ServerlessUpdateConfig."
        )
    if changes is not None:
        config = present | changes
        _check_provisioned(name, config)
        variant["ServerlessConfig"] = config
        variant["DesiredInstanceCount"] = max(1, config.get("ProvisionedConcurrency", 1))
