"""Managed instance scaling: instances follow the copies of inference components."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.include.local_aws.models import ROLE, Platform, variant
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.components.conftest import Board, hosting


def _managed(low: int, high: int) -> dict[str, Any]:
    scaling = {"Status": "ENABLED", "MinInstanceCount": low, "MaxInstanceCount": high}
    return {"ManagedInstanceScaling": scaling}


def _instances(platform: Platform, endpoint: str) -> int:
    described = platform.sagemaker.describe_endpoint(EndpointName=endpoint)
    return int(described["ProductionVariants"][0]["CurrentInstanceCount"])


def test_instances_are_added_for_copies_and_released_without_them(
    platform: Platform, board: Board
) -> None:
    endpoint = board.endpoint(**_managed(0, 2))
    component = board.serving(endpoint, copies=2, cpus=2)
    assert _instances(platform, endpoint) == 2
    assert "not enough hardware resources" in board.scale(component, 3)["FailureReason"]
    board.scale(component, 0)
    deadline = time.monotonic() + 40
    while _instances(platform, endpoint):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    board.scale(component, 1)
    assert platform.invoke(endpoint, "name", InferenceComponentName=component) == "first"


def test_instances_that_copies_need_stay(platform: Platform, board: Board) -> None:
    endpoint = board.endpoint(InitialInstanceCount=2)
    board.serving(endpoint, copies=2, cpus=2)
    wish = {"VariantName": "AllTraffic", "DesiredInstanceCount": 1}
    change = platform.sagemaker.update_endpoint_weights_and_capacities
    code, message = refusal(change, EndpointName=endpoint, DesiredWeightsAndCapacities=[wish])
    assert code == "ValidationException"
    assert message.startswith("There is not enough hardware resources")


def test_endpoint_does_not_change_its_kind(platform: Platform, board: Board) -> None:
    endpoint = board.endpoint()
    config = platform.config(variant(platform.model()))
    update = platform.sagemaker.update_endpoint
    message = refusal(update, EndpointName=endpoint, EndpointConfigName=config)[1]
    assert "cannot change between models and inference components" in message


@pytest.mark.parametrize(
    ("members", "variants", "complaint"),
    [
        ({}, [hosting()], "ExecutionRoleArn is required"),
        ({"ExecutionRoleArn": ROLE}, [hosting(**_managed(3, 2))], "MinInstanceCount 3 is above"),
        ({"ExecutionRoleArn": ROLE}, [hosting(**_managed(2, 3))], "InitialInstanceCount 1 of"),
        ({"ExecutionRoleArn": ROLE}, [hosting(InstanceType="ml.trn1.2xlarge")], "does not know"),
        ({"ExecutionRoleArn": ROLE}, [hosting(), hosting(VariantName="B")], "Use one variant"),
    ],
)
def test_impossible_configuration_is_refused(
    platform: Platform, members: dict[str, str], variants: list[dict[str, Any]], complaint: str
) -> None:
    code, message = refusal(lambda: platform.config(*variants, **members))
    assert (code, complaint in message) == ("ValidationException", True)
