"""Endpoint configurations: which models, on how many instances, captured how."""

from __future__ import annotations

from include.local_aws.context import Aws
from include.local_aws.registry import Resource, operation
from include.local_aws.services.models import MODEL
from include.local_aws.store import Doc
from include.local_aws.wire.errors import validation

ENDPOINT_CONFIG = Resource(
    noun="EndpointConfig",
    kind="endpoint-config",
    summaries="EndpointConfigs",
    taken=lambda name, arn: validation(
        f'Cannot create already existing endpoint configuration "{arn}".'
    ),
    unknown=lambda name, arn: validation(f'Could not find endpoint configuration "{arn}".'),
)
ENDPOINT_CONFIG.register("Describe", "List")


@operation("sagemaker", "CreateEndpointConfig")
def create_endpoint_config(aws: Aws, request: Doc) -> Doc:
    variants = request["ProductionVariants"]
    names = [variant["VariantName"] for variant in variants]
    if len(set(names)) < len(names):
        raise validation(f"Variant names must be unique within a configuration: {names}.")
    for variant in variants:
        MODEL.get(aws, variant["ModelName"])
    return ENDPOINT_CONFIG.create(aws, request)


@operation("sagemaker", "DeleteEndpointConfig")
def delete_endpoint_config(aws: Aws, request: Doc) -> Doc:
    name = request["EndpointConfigName"]
    for endpoint in aws.store.list("endpoint"):
        if endpoint["EndpointConfigName"] == name:
            raise validation(
                f'Cannot delete endpoint configuration "{ENDPOINT_CONFIG.arn(aws, name)}" '
                f'because it is used by endpoint "{endpoint["EndpointName"]}".'
            )
    return ENDPOINT_CONFIG.delete(aws, name)
