from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.models import test_models

Unique = Callable[[str], str]


@pytest.fixture(name="model")
def _model(sagemaker: Any, unique: Unique) -> str:
    name = unique("model")
    test_models.create(sagemaker, name)
    return name


def variant(model: str, name: str = "main", **members: Any) -> dict[str, Any]:
    shape = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1, "InitialVariantWeight": 1.0}
    return {"VariantName": name, "ModelName": model} | shape | members


def test_describe_returns_the_created_resource(sagemaker: Any, model: str, unique: Unique) -> None:
    name, variants = unique("config"), [variant(model, InitialVariantWeight=0.0)]
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": "s3://bucket/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
    }
    request = {"ProductionVariants": variants, "DataCaptureConfig": capture}
    sagemaker.create_endpoint_config(EndpointConfigName=name, **request)
    described = sagemaker.describe_endpoint_config(EndpointConfigName=name)
    assert described["ProductionVariants"] == variants
    assert described["DataCaptureConfig"] == capture


def test_config_without_capture_omits_the_member(
    sagemaker: Any, model: str, unique: Unique
) -> None:
    """An empty structure would fail the SDK's own validation."""
    name = unique("config")
    request = {"EndpointConfigName": name, "ProductionVariants": [variant(model)]}
    sagemaker.create_endpoint_config(**request)
    described = sagemaker.describe_endpoint_config(EndpointConfigName=name)
    assert "DataCaptureConfig" not in described


def test_unknown_model_is_refused(sagemaker: Any, unique: Unique) -> None:
    request = {"EndpointConfigName": unique("c"), "ProductionVariants": [variant(unique("none"))]}
    code, message = refusal(sagemaker.create_endpoint_config, **request)
    assert code == "ValidationException"
    assert message.startswith("Could not find model ")


def test_taken_name_is_refused(sagemaker: Any, model: str, unique: Unique) -> None:
    request = {"EndpointConfigName": unique("config"), "ProductionVariants": [variant(model)]}
    sagemaker.create_endpoint_config(**request)
    code, message = refusal(sagemaker.create_endpoint_config, **request)
    assert code == "ValidationException"
    assert message.startswith("Cannot create already existing endpoint configuration ")


def test_variant_names_are_unique(sagemaker: Any, model: str, unique: Unique) -> None:
    variants = [variant(model), variant(model)]
    request = {"EndpointConfigName": unique("config"), "ProductionVariants": variants}
    assert refusal(sagemaker.create_endpoint_config, **request)[0] == "ValidationException"


@pytest.mark.parametrize("missing", ["InstanceType", "InitialInstanceCount"])
def test_variant_is_whole(sagemaker: Any, model: str, unique: Unique, missing: str) -> None:
    part = {key: value for key, value in variant(model).items() if key != missing}
    request = {"EndpointConfigName": unique("config"), "ProductionVariants": [part]}
    code, message = refusal(sagemaker.create_endpoint_config, **request)
    assert code == "ValidationException"
    assert message.startswith("Variant main n")


def test_serverless_variant_is_described(sagemaker: Any, model: str, unique: Unique) -> None:
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 5}
    variants = [{"VariantName": "main", "ModelName": model, "ServerlessConfig": serverless}]
    name = unique("config")
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants)
    described = sagemaker.describe_endpoint_config(EndpointConfigName=name)
    assert described["ProductionVariants"][0]["ServerlessConfig"] == serverless


def test_deleted_config_does_not_exist(sagemaker: Any, model: str, unique: Unique) -> None:
    name = unique("config")
    request = {"EndpointConfigName": name, "ProductionVariants": [variant(model)]}
    sagemaker.create_endpoint_config(**request)
    sagemaker.delete_endpoint_config(EndpointConfigName=name)
    for call in (sagemaker.describe_endpoint_config, sagemaker.delete_endpoint_config):
        code, message = refusal(call, EndpointConfigName=name)
        assert code == "ValidationException"
        assert message.startswith("Could not find endpoint configuration ")


def test_explainer_is_refused(sagemaker: Any, model: str, unique: Unique) -> None:
    shap = {"ShapBaselineConfig": {"ShapBaseline": "1,2"}}
    explainer = {"ClarifyExplainerConfig": {"ShapConfig": shap}}
    request = {"EndpointConfigName": unique("config"), "ProductionVariants": [variant(model)]}
    _, message = refusal(sagemaker.create_endpoint_config, **request, ExplainerConfig=explainer)
    assert message.startswith("ExplainerConfig is not emulated")
