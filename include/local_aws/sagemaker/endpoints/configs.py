"""Operations on endpoint configurations: variants, instances and data capture."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import Resource, operation
from ...core.store import Doc
from ...wire.errors import validation
from ..models.models import MODEL, containers_of, is_direct, is_multi_model
from . import hosting, serverless

ENDPOINT_CONFIG = Resource(
    noun="EndpointConfig",
    kind="endpoint-config",
    summaries="EndpointConfigs",
    taken=lambda name, arn: validation(
        f'Cannot create already existing endpoint configuration "{arn}".'
    ),
    unknown=lambda name, arn: validation(f'Could not find endpoint configuration "{arn}".'),
)
# A configuration can be deleted while an endpoint uses it, as the SDK does: the endpoint has a
# snapshot of it.
ENDPOINT_CONFIG.register("Describe", "List", "Delete")


@operation("sagemaker", "CreateEndpointConfig")
def create_endpoint_config(aws: Aws, request: Doc) -> Doc:
    shadows = request.get("ShadowProductionVariants", [])
    variants = [*request["ProductionVariants"], *shadows]
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) < len(names):
        raise validation(f"Variant names must be unique within a configuration: {names}.")
    if shadows and (len(shadows), len(variants)) != (1, 2):
        raise validation(
            f"A configuration with a shadow has one production variant and one shadow, not {names}."
        )
    output = request.get("AsyncInferenceConfig", {}).get("OutputConfig")
    if output is not None and "S3OutputPath" not in output:
        raise validation("AsyncInferenceConfig.OutputConfig needs an S3OutputPath.")
    if "ExplainerConfig" in request:
        raise validation("ExplainerConfig is not emulated by the embedded AWS. Remove it.")
    serverless.check_config(request)
    hosting.check_config(request)
    for variant in variants:
        _check_variant(aws, variant)
        if output is not None:
            _check_async(aws, variant)
    return ENDPOINT_CONFIG.create(aws, request)


def _check_async(aws: Aws, variant: Doc) -> None:
    """Refuse models whose requests name a container or a model: asynchronous ones cannot."""
    model = MODEL.get(aws, variant["ModelName"])
    if is_direct(model) or is_multi_model(containers_of(aws, model)[0]):
        raise validation(
            f"Variant {variant['VariantName']}: a model with InferenceExecutionConfig Direct or "
            "Mode MultiModel cannot be invoked asynchronously. Remove AsyncInferenceConfig."
        )


def _check_variant(aws: Aws, variant: Doc) -> None:
    name = variant["VariantName"]
    if hosting.hosts_components(variant):
        hosting.check(variant)
        return
    MODEL.get(aws, variant["ModelName"])
    if "ManagedInstanceScaling" in variant:
        raise validation(
            f"Variant {name} has ManagedInstanceScaling and a ModelName, which is not emulated by "
            "the embedded AWS. Deploy the model as an inference component, or scale the variant by "
            "Application Auto Scaling."
        )
    if "ServerlessConfig" in variant:
        serverless.check(aws, variant)
        return
    for member in ("InstanceType", "InitialInstanceCount"):
        if member not in variant:
            raise validation(f"Variant {name} needs an {member}.")
