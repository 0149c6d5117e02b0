"""Inference pipelines on real endpoints: each container says what it was sent."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import psutil
import pytest
from botocore.exceptions import ClientError

from include.local_aws.sagemaker.runtime import containers
from include.local_aws.sagemaker.runtime.connections import Invocation, Response
from tests.include.local_aws.models import BROKEN, PART, Platform, variant
from tests.include.local_aws.refusals import refusal


@pytest.fixture(scope="module")
def pipeline(platform: Platform) -> str:
    """Deploy a pipeline of two containers with names."""
    first = platform.container(PART, "first") | {"ContainerHostname": "cleans"}
    second = platform.container(PART, "second") | {"ContainerHostname": "scores"}
    model = platform.pipeline(first, second)
    return platform.serving(variant(model))


@pytest.fixture(scope="module")
def direct(platform: Platform) -> str:
    """Deploy a model whose containers are invoked by their names."""
    containers = [
        platform.container(PART, name) | {"ContainerHostname": name} for name in ("left", "right")
    ]
    mode = {"Mode": "Direct"}
    return platform.serving(
        variant(platform.pipeline(*containers, InferenceExecutionConfig=mode), "Both")
    )


def test_each_container_gets_the_response_of_the_one_before(
    platform: Platform, pipeline: str
) -> None:
    response = platform.runtime.invoke_endpoint(
        EndpointName=pipeline, Body="1,2", ContentType="text/csv", Accept="text/plain"
    )
    inner = "first(1,2|text/csv|application/json)"  # the toolkit's default, without Accept
    assert response["Body"].read().decode() == f"second({inner}|text/first|text/plain)"
    assert response["ContentType"] == "text/second"


def test_error_names_its_container(platform: Platform, pipeline: str) -> None:
    with pytest.raises(ClientError, match=r"server error \(500\) from cleans with message"):
        platform.invoke(pipeline, "fail first")
    with pytest.raises(ClientError, match=r"server error \(500\) from scores with message"):
        platform.invoke(pipeline, "fail second")


def test_each_container_has_a_log_stream(platform: Platform, pipeline: str) -> None:
    platform.invoke(pipeline, "1")
    logs = platform.server.client("logs")
    group = f"/aws/sagemaker/Endpoints/{pipeline}"
    streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
    endings = {stream["logStreamName"].split("/")[-1]: stream for stream in streams}
    assert set(endings) == {"cleans", "scores"}
    events = logs.get_log_events(
        logGroupName=group, logStreamName=endings["scores"]["logStreamName"]
    )
    assert any("call of second" in event["message"] for event in events["events"])


def test_each_container_has_its_latency_and_its_use(platform: Platform, pipeline: str) -> None:
    platform.invoke(pipeline, "1")
    cloudwatch = platform.server.client("cloudwatch")
    wanted = {
        (name, container)
        for name in ("ContainerLatency", "CPUUtilization", "MemoryUtilization")
        for container in ("cleans", "scores")
    }
    deadline = time.monotonic() + 30
    while (seen := _container_metrics(cloudwatch, pipeline)) < wanted:
        assert time.monotonic() < deadline, seen
        time.sleep(0.2)


def _container_metrics(cloudwatch: Any, endpoint: str) -> set[tuple[str, str]]:
    metrics = cloudwatch.list_metrics(Dimensions=[{"Name": "EndpointName", "Value": endpoint}])
    dimensions = [
        (metric["MetricName"], {d["Name"]: d["Value"] for d in metric["Dimensions"]})
        for metric in metrics["Metrics"]
    ]
    return {(name, d["ContainerName"]) for name, d in dimensions if "ContainerName" in d}


def test_named_container_answers_alone(platform: Platform, direct: str) -> None:
    answer = platform.invoke(direct, "1", TargetContainerHostname="right", Accept="a/b")
    assert answer == "right(1|text/csv|a/b)"


@pytest.mark.parametrize("target", [None, "middle"])
def test_direct_invocation_needs_a_known_name(
    platform: Platform, direct: str, target: str | None
) -> None:
    named = {"TargetContainerHostname": target} if target else {}
    code, message = refusal(
        platform.runtime.invoke_endpoint, EndpointName=direct, Body=b"1", **named
    )
    assert code == "ValidationError"
    assert "TargetContainerHostname one of: left, right" in message


def test_container_of_a_pipeline_is_not_invoked_alone(platform: Platform, pipeline: str) -> None:
    code, message = refusal(
        platform.runtime.invoke_endpoint,
        EndpointName=pipeline,
        Body=b"1",
        TargetContainerHostname="scores",
    )
    assert code == "ValidationError"
    assert "'scores'" in message


def test_container_that_does_not_start_is_named(platform: Platform) -> None:
    model = platform.pipeline(platform.container(PART), platform.container(BROKEN))
    name = platform.endpoint(platform.config(variant(model)))
    failed = platform.settled(name)
    assert failed["EndpointStatus"] == "Failed"
    assert failed["FailureReason"].startswith(
        "The container-2 for production variant AllTraffic did not pass the ping health check."
    )
    assert not _processes_of(name)


def _processes_of(endpoint: str) -> list[str]:
    """Return the command lines of processes in the endpoint's folder."""
    lines = (" ".join(p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"]))
    return [line for line in lines if f"/endpoints/{endpoint}/" in line]


@pytest.mark.parametrize(("size", "status"), [(3, 200), (4, 0)])
def test_too_long_a_response_ends_the_pipeline(
    monkeypatch: pytest.MonkeyPatch, size: int, status: int
) -> None:
    """Ask no further container, for which the response would be kept in memory."""
    monkeypatch.setattr(containers, "BETWEEN_LIMIT", 3)
    instance = containers.Containers({"first": "http://a:1", "last": "http://b:1"})
    asked: list[str] = []

    async def call(name: str, invocation: Invocation) -> Response:
        asked.append(name)
        return Response(200, [], b"x" * size)

    monkeypatch.setattr(instance, "_call", call)
    response = asyncio.run(instance.post(Invocation([], b"1")))
    assert (response.status, asked) == (status, ["first", "last"] if status else ["first"])
