"""Describe a real endpoint: variants, scaling, alarms, deployments and metrics."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.autoscaling.registrations import scaled_variant
from prodml.aws.alarms import alarm_name
from prodml.aws.client import Aws
from prodml.endpoints.cleanup import OWNER
from prodml.naming import Identity
from prodml.studio.endpoints.contest import KEPT, rounded, running_test
from prodml.studio.endpoints.metrics import endpoint_metrics
from prodml.studio.endpoints.overview import endpoint, endpoints
from prodml.studio.reader import MINUTE, KeepingClients, Reader
from prodml.vocabulary import dimensions

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform, variant

RUN = Identity("studio", "retrain_churn", "manual__1", "deploy")
TARGET = {
    "TargetValue": 100.0,
    "PredefinedMetricSpecification": {
        "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
    },
}


@pytest.fixture(scope="module")
def name(platform: Platform, server: Server) -> str:
    """An endpoint with scaling and an alarm, that has answered, and an earlier configuration."""
    name = platform.unique("studio")
    model, tags = platform.model(), [*RUN.tags(1, "0" * 64), {"Key": OWNER, "Value": name}]
    for number in (1, 2):
        platform.sagemaker.create_endpoint_config(
            EndpointConfigName=f"{name}-{number}",
            ProductionVariants=[variant(model)],
            Tags=tags,
        )
    platform.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=f"{name}-2", Tags=tags)
    platform.adopt(name)
    scaling, place = server.client("application-autoscaling"), scaled_variant(name, "AllTraffic")
    server.client("cloudwatch").put_metric_alarm(
        AlarmName=alarm_name(name, "AllTraffic", "errors"),
        Namespace="AWS/SageMaker",
        MetricName="Invocation5XXErrors",
        Dimensions=dimensions({"EndpointName": name, "VariantName": "AllTraffic"}),
        Statistic="Average",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0.01,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="notBreaching",
    )
    assert platform.settled(name)["EndpointStatus"] == "InService"
    scaling.register_scalable_target(**place, MinCapacity=1, MaxCapacity=3)
    scaling.put_scaling_policy(
        **place,
        PolicyName="target",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=TARGET,
    )
    platform.invoke(name, "hello")
    return name


def test_an_endpoint_is_described_by_all_services(name: str) -> None:
    described: Any = endpoint(Aws(), name, {"ml.m5.large": 0.115})
    assert described["status"] == "InService"
    (only,) = described["variants"]
    assert (only["instances"], only["desired"], only["weight"]) == (1, 1, 1.0)
    assert (only["instance_type"], only["usd_per_hour"]) == ("ml.m5.large", 0.115)
    assert "/obedient:v1" in only["image"]
    (target,) = described["scaling"]["targets"]
    assert (target["least"], target["most"], target["value"]) == (1, 3, 100.0)
    uses = {alarm["use"] for alarm in described["alarms"]}
    assert uses == {"watch", "scaling"}
    states = {c["config"]: (c["state"], c["run"]) for c in described["deployments"]["history"]}
    assert states == {
        f"{name}-2": ("in service", "manual__1"),
        f"{name}-1": ("never verified", "manual__1"),
    }
    assert json.dumps(described)


def test_an_instance_type_without_a_price_makes_no_total(name: str) -> None:
    described = endpoint(Aws(), name, {})
    assert described
    assert described["usd_per_hour"] is None


def test_endpoints_are_listed_with_the_run_that_made_them(name: str) -> None:
    (only,) = endpoints(Aws(), "studio")
    assert (only["name"], only["dag"], only["run"]) == (name, "retrain_churn", "manual__1")
    assert endpoints(Aws(), "another") == []


def test_an_endpoint_that_does_not_exist_has_no_description() -> None:
    assert endpoint(Aws(), "nowhere", {}) is None


def test_all_series_come_in_one_answer_in_milliseconds(name: str, platform: Platform) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        now = datetime.now(UTC)
        measured = endpoint_metrics(Aws(), name, ["AllTraffic"], now - timedelta(hours=1), now)
        series = {(one["metric"], one["statistic"]): one for one in measured["series"]}
        if sum(series["Invocations", "Sum"]["y"]):
            break
        time.sleep(0.2)
    assert sum(series["Invocations", "Sum"]["y"]) == 1
    latency = series["ModelLatency", "p99"]
    assert latency["unit"] == "ms"
    assert 0 < latency["y"][-1] < 10_000
    assert measured["start"] <= latency["x"][-1] <= measured["end"]
    assert measured["period"] == 60


def test_an_open_page_costs_at_most_ten_calls_a_minute(name: str) -> None:
    minutes, seconds = 5, [0.0]
    reader = Reader(Aws(), lambda: seconds[0])
    kept, seldom = KeepingClients(reader, MINUTE), KeepingClients(reader, KEPT)
    for minute in range(minutes):
        seconds[0] = MINUTE * minute
        now = datetime(2026, 11, 29, 12, minute, tzinfo=UTC)
        endpoints(kept, "studio")
        endpoint(kept, name, {}, seldom)
        endpoint_metrics(kept, name, ["AllTraffic"], now - timedelta(hours=3), now)
        running_test(seldom, name, rounded(now))
    assert reader.calls.total() <= 10 * minutes
