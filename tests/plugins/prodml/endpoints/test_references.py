"""Find what endpoints are on, or on their way to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prodml.endpoints.references import configs, configs_of, models

from tests.include.local_aws.models import Platform, variant


@pytest.fixture(scope="module")
def model(platform: Platform) -> str:
    return platform.model()


@pytest.fixture(scope="module")
def endpoint(platform: Platform, model: str) -> Iterator[str]:
    name = platform.serving(variant(model))
    yield name
    platform.sagemaker.delete_endpoint(EndpointName=name)


def test_an_update_brings_a_second_configuration() -> None:
    pending = {"PendingDeploymentSummary": {"EndpointConfigName": "next"}}
    assert configs_of({"EndpointConfigName": "now"}) == ["now"]
    assert configs_of({"EndpointConfigName": "now"} | pending) == ["now", "next"]


def test_an_endpoint_that_is_gone_is_on_none() -> None:
    assert configs_of({}) == []


def test_the_endpoint_that_asks_does_not_count(platform: Platform, endpoint: str) -> None:
    config = platform.sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    assert config in list(configs(platform.sagemaker))
    assert config not in list(configs(platform.sagemaker, but=endpoint))


def test_models_of_shadows_count_and_of_deleted_configurations_do_not(
    platform: Platform, model: str
) -> None:
    shadow = platform.model()
    shadows = [variant(shadow, "Challenger")]
    config = platform.config(variant(model), ShadowProductionVariants=shadows)
    gone = platform.config(variant(model))
    platform.sagemaker.delete_endpoint_config(EndpointConfigName=gone)
    assert models(platform.sagemaker, [config, gone]) == {model, shadow}
    assert models(platform.sagemaker, [gone]) == set()
