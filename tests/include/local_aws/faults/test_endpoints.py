"""Faults of endpoints: an update that fails, an instance that dies."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator

import pytest

from include.local_aws.testing import Faults, Server
from tests.include.local_aws.models import Platform, variant


@pytest.fixture(scope="module", name="platform")
def _platform(faulty: Server) -> Iterator[Platform]:
    platform = Platform(faulty, lambda stem: f"{stem}-{uuid.uuid4().hex[:10]}")
    yield platform
    platform.clean_up()


@pytest.fixture(scope="module", name="endpoint")
def _endpoint(platform: Platform) -> str:
    return platform.serving(variant(platform.model()))


def test_update_fails_and_the_endpoint_serves_on(
    asked: Faults, platform: Platform, endpoint: str
) -> None:
    before = platform.sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    asked.resource("endpoint", "update-fails", endpoint, reason="A fault: no capacity")
    config = platform.config(variant(platform.model(name="second")))
    platform.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    description = platform.settled(endpoint)
    assert (description["EndpointStatus"], description["EndpointConfigName"]) == (
        "InService",
        before,
    )
    assert description["FailureReason"] == "A fault: no capacity"
    assert platform.invoke(endpoint, "name") == "first"


def lines(platform: Platform, endpoint: str) -> list[str]:
    logs = platform.server.client("logs")
    try:
        response = logs.filter_log_events(logGroupName=f"/aws/sagemaker/Endpoints/{endpoint}")
    except logs.exceptions.ResourceNotFoundException:
        return []  # nothing was printed yet
    return [event["message"] for event in response["events"]]


def test_instance_dies_and_is_started_again(
    asked: Faults, platform: Platform, endpoint: str
) -> None:
    asked.resource("endpoint", "instance-dies", endpoint)
    deadline = time.monotonic() + 60
    while not any("restarting" in line for line in lines(platform, endpoint)):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert asked.hits() == 1
    assert platform.invoke(endpoint, "name") == "first"
