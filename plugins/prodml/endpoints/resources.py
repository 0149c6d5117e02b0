"""Create models and endpoint configurations once, named after their content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.retries import get_or_create, with_retries
from prodml.aws.rules import with_rules
from prodml.aws.tags import merged
from prodml.containers import members, version_of_model
from prodml.endpoints import attribution
from prodml.naming import content_name
from prodml.results import Container
from prodml.vocabulary import Json

Tags = list[dict[str, str]]


def ensure_model(
    sagemaker: Any,
    prefix: str,
    containers: Sequence[Container] | Sequence[Json],
    role: str | None,
    tags: Tags,
    config: Json | None = None,
) -> str:
    """Create the model of these *containers* unless it exists; return its name."""
    request: Json = members(containers) | (config or {})
    if role:
        request.setdefault("ExecutionRoleArn", role)
    name, request = _named("CreateModel", prefix, request, tags)
    get_or_create(sagemaker.create_model, ModelName=name, **request)
    return name


def ensure_config(aws: Aws, prefix: str, request: Json, tags: Tags) -> str:
    """Create the endpoint configuration of this *request* unless it exists; return its name.

    What it captures goes into a folder of its own, see :mod:`prodml.endpoints.attribution`.
    """
    name, request = _named("CreateEndpointConfig", prefix, request, tags)
    request = attribution.apart(request, name)
    attribution.write_record(aws, request)
    create = aws.client("sagemaker").create_endpoint_config
    get_or_create(create, EndpointConfigName=name, **request)
    return name


def _named(operation: str, prefix: str, request: Json, tags: Tags) -> tuple[str, Json]:
    """Return the name and the request; it has the company's rules, on which the name depends."""
    request = with_rules(operation, {**request, "Tags": merged(tags, request.get("Tags", []))})
    return content_name(prefix, request), request


def describe_config(sagemaker: Any, name: str) -> Json:
    config: Json = with_retries(sagemaker.describe_endpoint_config, EndpointConfigName=name)
    return config


def package_of(sagemaker: Any, model: str) -> str | None:
    """Return the model package version that *model* was created from, or None."""
    return version_of_model(with_retries(sagemaker.describe_model, ModelName=model))


def production(name: str, model: str, instance_type: str, count: int, weight: float = 1.0) -> Json:
    """Return a production variant as CreateEndpointConfig takes it."""
    return {
        "VariantName": name,
        "ModelName": model,
        "InstanceType": instance_type,
        "InitialInstanceCount": count,
        "InitialVariantWeight": weight,
    }


def capture(uri: str, percentage: int) -> Json:
    """Return a DataCaptureConfig for text; without content types SageMaker writes BASE64."""
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": percentage,
        "DestinationS3Uri": uri,
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {
            "CsvContentTypes": ["text/csv"],
            "JsonContentTypes": ["application/json"],
        },
    }
