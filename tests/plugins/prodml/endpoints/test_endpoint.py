"""An endpoint has the requested state, or the error says why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.endpoints.endpoint import Endpoint
from prodml.exceptions import DeploymentError

from tests.include.local_aws.models import Platform, variant


@pytest.fixture(scope="module")
def model(platform: Platform) -> str:
    return platform.model()


@pytest.fixture(scope="module")
def endpoint(platform: Platform, model: str, connection: None) -> Iterator[Endpoint]:
    name = platform.serving(variant(model))
    yield Endpoint(Aws(), name, poll_interval=0.1)
    platform.sagemaker.delete_endpoint(EndpointName=name)


def _wish(**asked: Any) -> list[dict[str, Any]]:
    return [{"VariantName": "AllTraffic", **asked}]


def test_a_resize_that_aws_takes_back_is_an_error_with_its_reason(
    endpoint: Endpoint, platform: Platform, model: str
) -> None:
    endpoint.resize(_wish(DesiredInstanceCount=2, DesiredWeight=0.5))
    platform.delete_artifact(model)
    with pytest.raises(
        DeploymentError,
        match=r"did not reach .*'DesiredInstanceCount': 3.*Failed to download model",
    ):
        endpoint.resize(_wish(DesiredInstanceCount=3))
    description = endpoint.describe() or {}
    assert description["ProductionVariants"][0]["CurrentInstanceCount"] == 2
    endpoint.resize(_wish(DesiredWeight=0.7))  # what failed before is no failure of this one


def test_few_instances_are_no_success(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """As between the loss of an instance and its replacement, which SageMaker calls InService."""
    description = endpoint.describe() or {}
    description["ProductionVariants"][0]["CurrentInstanceCount"] = 1
    monkeypatch.setattr(Endpoint, "describe", lambda _: description)
    with pytest.raises(DeploymentError, match=r"only {'AllTraffic': 1} instances run of"):
        endpoint.verified(description["EndpointConfigName"], changed=True)
