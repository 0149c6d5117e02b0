"""Endpoints of inference components, and the models that belong to a component."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.endpoints.cleanup import OWNER
from prodml.endpoints.component_hosts import components_on, is_for_components, models_of
from prodml.endpoints.resources import ensure_model

from tests.include.local_aws.models import ROLE, Platform, variant
from tests.plugins.clients import connected


@pytest.fixture
def hosts(platform: Platform, unique: str) -> str:
    """Return the name of a configuration whose variant has no model."""
    empty = {"VariantName": "AllTraffic", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    platform.sagemaker.create_endpoint_config(
        EndpointConfigName=unique, ExecutionRoleArn=ROLE, ProductionVariants=[empty]
    )
    return unique


def test_variant_without_a_model_is_for_components(platform: Platform, hosts: str) -> None:
    served = platform.config(variant(platform.model()))
    configs = {hosts: True, served: False, f"{hosts}-gone": False}
    for name, expected in configs.items():
        endpoint = {"EndpointConfigName": name}
        assert is_for_components(platform.sagemaker, endpoint) is expected
    assert not is_for_components(platform.sagemaker, None)


def test_models_of_a_component_carry_its_name_as_a_tag(platform: Platform, unique: str) -> None:
    def model(owner: str, level: str) -> str:
        container: dict[str, Any] = platform.container() | {"Environment": {"LEVEL": level}}
        tags = [{"Key": OWNER, "Value": owner}]
        return ensure_model(platform.sagemaker, unique, [container], ROLE, tags)

    mine = {model(unique, level) for level in ("1", "2")}
    model(f"{unique}-other", "3")  # whose name begins like theirs
    assert set(models_of(Aws(), unique)) == mine


class Sagemaker:
    """Lists one component a page."""

    def list_inference_components(self, **request: Any) -> dict[str, Any]:
        assert request["EndpointNameEquals"] == "churn"
        if "NextToken" in request:
            return {"InferenceComponents": [{"InferenceComponentName": "second"}]}
        return {"InferenceComponents": [{"InferenceComponentName": "first"}], "NextToken": "a"}


def test_components_of_every_page_are_listed() -> None:
    assert components_on(connected(sagemaker=Sagemaker()), "churn") == ["first", "second"]
