"""A target found by real requests."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from prodml.exceptions import DeploymentError
from prodml.operators.load_testing import LoadTestOperator

from include.local_aws.testing import Server
from tests.include.local_aws.models import ROLE, TOOLKIT, Platform, variant
from tests.include.local_aws.sagemaker.components.conftest import Board
from tests.plugins.runs import Ti, run


@pytest.fixture(scope="module")
def slow_endpoint(server: Server) -> Iterator[tuple[str, str]]:
    """An endpoint, and a bucket for reports."""
    platform = Platform(server, lambda prefix: f"{prefix}-{uuid.uuid4().hex[:8]}")
    name = platform.serving(variant(platform.model()))
    yield name, platform.bucket
    platform.sagemaker.delete_endpoint(EndpointName=name)


def _test(endpoint: str, bucket: str, ti: Ti, payload: str, **arguments: Any) -> dict[str, Any]:
    operator = LoadTestOperator(
        task_id="load_test",
        endpoint=endpoint,
        payload=payload,
        output_uri=f"s3://{bucket}/load",
        step_seconds=1,
        max_p99_ms=1500,
        **arguments,
    )
    return dict(run(operator, ti))


def test_a_target_is_proposed_from_what_was_sustained(
    slow_endpoint: tuple[str, str], s3: Any, ti: Ti
) -> None:
    """Each answer takes at least half a second: dozens at once are too much."""
    endpoint, bucket = slow_endpoint
    result = _test(endpoint, bucket, ti, "sleep 0.5", rates=[1, 60], share=0.5)
    assert (result["sustained_per_second"], result["instances"]) == (1, 1)
    assert result["proposed_target"] == 30
    assert result["limit"].endswith("at 60 per second")
    assert [step["rate"] for step in result["steps"]] == [1, 60]
    body = s3.get_object(Bucket=bucket, Key="load/load_test.html")["Body"].read().decode()
    assert "Proposed target: 30 invocations" in body
    assert "<svg" in body
    csv = s3.get_object(Bucket=bucket, Key="load/load_test.csv")["Body"].read().decode()
    assert len(csv.splitlines()) == 3


def test_an_endpoint_that_fails_has_no_target(slow_endpoint: tuple[str, str], ti: Ti) -> None:
    with pytest.raises(DeploymentError, match=r"100.0 % of the requests failed at 2 per second"):
        _test(*slow_endpoint, ti, "fail always", rates=[2])


def test_one_model_of_many_is_tested(server: Server, ti: Ti) -> None:
    platform = Platform(server, lambda prefix: f"{prefix}-{uuid.uuid4().hex[:8]}")
    archive = platform.container()["ModelDataUrl"].removeprefix(f"s3://{platform.bucket}/")
    prefix = archive.rpartition("/")[0]
    model = platform.unique("many")
    platform.sagemaker.create_model(
        ModelName=model,
        ExecutionRoleArn=ROLE,
        PrimaryContainer={
            "Image": TOOLKIT,
            "Mode": "MultiModel",
            "ModelDataUrl": f"s3://{platform.bucket}/{prefix}/",
        },
    )
    endpoint = platform.serving(variant(model))
    arguments: dict[str, Any] = {
        "rates": [1],
        "target_model": "model.tar.gz",
        "max_error_percent": 0,
    }
    result = _test(endpoint, platform.bucket, ti, "name", **arguments)
    assert result["sustained_per_second"] == 1
    platform.clean_up()


def test_copies_of_a_component_are_counted(server: Server, ti: Ti) -> None:
    platform = Platform(server, lambda prefix: f"{prefix}-{uuid.uuid4().hex[:8]}")
    board = Board(platform)
    endpoint = board.endpoint()
    component = board.serving(endpoint, copies=2)
    result = _test(endpoint, platform.bucket, ti, "name", rates=[2], component=component)
    assert (result["instances"], result["sustained_per_second"]) == (2, 2)
    board.clean_up()
    platform.clean_up()
