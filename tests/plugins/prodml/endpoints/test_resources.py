"""Make models and configurations once, under names of their content."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.aws.client import Aws
from prodml.endpoints.resources import (
    capture,
    describe_config,
    ensure_config,
    ensure_model,
    package_of,
    production,
)

from tests.include.local_aws.models import ROLE, Platform
from tests.plugins.conftest import register

TAGS = [{"Key": "team", "Value": "churn"}]


@pytest.fixture(scope="module")
def container(platform: Platform) -> dict[str, str]:
    return platform.container()


def test_the_same_container_is_the_same_model(
    platform: Platform, container: dict[str, str], unique: str
) -> None:
    sagemaker = platform.sagemaker
    first = ensure_model(sagemaker, unique, [container], ROLE, TAGS)
    assert ensure_model(sagemaker, unique, [container], ROLE, []) == first
    other = ensure_model(
        sagemaker, unique, [container | {"Environment": {"LEVEL": "1"}}], ROLE, TAGS
    )
    assert other != first
    arn = sagemaker.describe_model(ModelName=first)["ModelArn"]
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == TAGS


def test_another_capture_is_another_configuration(
    platform: Platform, container: dict[str, str], unique: str
) -> None:
    sagemaker = platform.sagemaker
    model = ensure_model(sagemaker, unique, [container], ROLE, [])
    request: dict[str, Any] = {
        "ProductionVariants": [production("AllTraffic", model, "ml.m5.large", 2)]
    }
    plain = ensure_config(Aws(), unique, request, TAGS)
    assert ensure_config(Aws(), unique, request, TAGS) == plain
    request["DataCaptureConfig"] = capture(f"s3://{platform.bucket}/captured", 25)
    capturing = ensure_config(Aws(), unique, request, TAGS)
    assert capturing != plain
    config = describe_config(sagemaker, capturing)
    own = request["DataCaptureConfig"] | {
        "DestinationS3Uri": f"s3://{platform.bucket}/captured/{capturing}"
    }
    assert config["DataCaptureConfig"] == own
    (made,) = config["ProductionVariants"]
    assert (made["InitialInstanceCount"], made["InitialVariantWeight"]) == (2, 1.0)


def test_what_sagemaker_refuses_is_not_called_made(platform: Platform, unique: str) -> None:
    request = {"ProductionVariants": [production("AllTraffic", "gone", "ml.m5.large", 1)]}
    with pytest.raises(ClientError, match="Could not find model"):
        ensure_config(Aws(), unique, request, [])


def test_a_model_knows_the_version_that_it_was_made_from(
    platform: Platform, container: dict[str, str], unique: str
) -> None:
    sagemaker = platform.sagemaker
    arn = register(sagemaker, container)
    versioned = ensure_model(sagemaker, unique, [{"ModelPackageName": arn}], ROLE, [])
    assert package_of(sagemaker, versioned) == arn
    assert package_of(sagemaker, ensure_model(sagemaker, unique, [container], ROLE, [])) is None


def test_text_is_captured_as_text() -> None:
    types = capture("s3://bucket/captured", 100)["CaptureContentTypeHeader"]
    assert types == {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]}
