from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from tests.include.local_aws.models import Platform, variant


@pytest.fixture(scope="module")
def metrics(platform: Platform) -> dict[str, dict[str, float]]:
    """Return the statistics of an endpoint of two instances after six calls, one failed."""
    name = platform.serving(variant(platform.model(), InitialInstanceCount=2))
    for body in ("1", "2", "3", "4", "sleep 0.2"):
        platform.invoke(name, body)
    with pytest.raises(platform.runtime.exceptions.ModelError):
        platform.invoke(name, "fail")
    time.sleep(2.5)
    cloudwatch = platform.server.client("cloudwatch")
    return {
        metric: _statistics(cloudwatch, name, metric)
        for metric in (
            "Invocations",
            "InvocationsPerInstance",
            "Invocation4XXErrors",
            "Invocation5XXErrors",
            "ModelLatency",
            "OverheadLatency",
        )
    }


def _statistics(cloudwatch: Any, endpoint: str, metric: str) -> dict[str, float]:
    now = dt.datetime.now(dt.UTC)
    request = {
        "Namespace": "AWS/SageMaker",
        "MetricName": metric,
        "Dimensions": [
            {"Name": "EndpointName", "Value": endpoint},
            {"Name": "VariantName", "Value": "AllTraffic"},
        ],
        "StartTime": now - dt.timedelta(hours=1),
        "EndTime": now + dt.timedelta(hours=1),
        "Period": 86400,
    }
    ask = cloudwatch.get_metric_statistics
    plain = ask(**request, Statistics=["Sum", "Maximum", "SampleCount"])["Datapoints"][-1]
    extended = ask(**request, ExtendedStatistics=["p50", "p99"])["Datapoints"][-1]
    numbers: dict[str, float] = {k: v for k, v in plain.items() if isinstance(v, float)}
    return numbers | dict(extended["ExtendedStatistics"])


def test_every_invocation_is_counted(metrics: dict[str, dict[str, float]]) -> None:
    assert metrics["Invocations"]["Sum"] == 6
    assert metrics["InvocationsPerInstance"]["Sum"] == 3


def test_failures_are_counted_by_their_kind(metrics: dict[str, dict[str, float]]) -> None:
    assert metrics["Invocation5XXErrors"]["Sum"] == 1
    assert metrics["Invocation4XXErrors"]["Sum"] == 0


def test_latencies_are_microseconds(metrics: dict[str, dict[str, float]]) -> None:
    assert metrics["ModelLatency"]["SampleCount"] == 6
    assert 200_000 < metrics["ModelLatency"]["Maximum"] < 2_000_000
    assert metrics["ModelLatency"]["p50"] < metrics["ModelLatency"]["p99"]
    assert 0 < metrics["OverheadLatency"]["p50"] < 100_000
