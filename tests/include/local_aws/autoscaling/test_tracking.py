from __future__ import annotations

from typing import Any

import pytest

from include.local_aws import operations  # noqa: F401  (registers the handlers)
from include.local_aws.autoscaling import targets
from include.local_aws.autoscaling.tracking import wanted
from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.autoscaling.world import (
    RESOURCE,
    World,
    follow_queue,
)


def test_target_must_be_positive(world: World) -> None:
    with pytest.raises(AwsError, match="must be greater than 0"):
        world.track(target=0.0)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            {"PredefinedMetricSpecification": {"PredefinedMetricType": "ALBRequestCountPerTarget"}},
            "ALBRequestCountPerTarget is not emulated .* Use SageMakerVariantInvocations",
        ),
        ({}, "Metric type None is not emulated"),
        (
            {"CustomizedMetricSpecification": {"MetricName": "a", "Namespace": "b"}},
            "needs MetricName, Namespace and Statistic",
        ),
        (
            {"CustomizedMetricSpecification": {"Metrics": [{"Id": "a", "Expression": "b"}]}},
            "CustomizedMetricSpecification: ",
        ),
    ],
)
def test_metric_that_cannot_be_followed_is_refused(
    world: World, config: dict[str, Any], message: str
) -> None:
    with pytest.raises(AwsError, match=message):
        world.track(**{"PredefinedMetricSpecification": {}} | config)
    assert world.aws.store.list("alarm") == []


def test_alarm_without_a_value_changes_nothing(world: World) -> None:
    world.track()
    (policy,) = world.aws.store.list(targets.POLICY)
    for alarm in world.aws.store.list("alarm"):
        assert wanted(policy, 3, alarm, []) == 3


def test_scale_in_can_be_disabled(world: World) -> None:
    world.track(DisableScaleIn=True, ScaleOutCooldown=0)
    world.minutes(250, 250, 250, *[0] * 20)
    assert world.instances == 3
    assert len(world.aws.store.list("alarm")) == 1


def test_custom_metric_is_followed(world: World) -> None:
    custom = {
        "MetricName": "QueueLength",
        "Namespace": "Shop",
        "Statistic": "Average",
        "Dimensions": [],
    }
    world.call("RegisterScalableTarget", **RESOURCE, MinCapacity=1, MaxCapacity=5)
    tracking = {"TargetValue": 10.0, "CustomizedMetricSpecification": custom}
    world.call(
        "PutScalingPolicy",
        **RESOURCE,
        PolicyName="queue",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
    )
    for _ in range(3):
        world.aws.part(Metrics).put("Shop", "QueueLength", {}, 40, at=world.clock.now() + 1)
        world.minutes(None)
    assert world.instances == 4


def test_metric_math_is_followed(world: World) -> None:
    world.call("RegisterScalableTarget", **RESOURCE, MinCapacity=1, MaxCapacity=5)
    metrics = [
        {
            "Id": name,
            "MetricStat": {"Metric": {"Namespace": "Shop", "MetricName": name}, "Stat": "Sum"},
            "ReturnData": False,
        }
        for name in ("waiting", "workers")
    ]
    math = {"Id": "load", "Expression": "waiting / workers", "ReturnData": True}
    follow_queue(world, CustomizedMetricSpecification={"Metrics": [*metrics, math]})
    for _ in range(3):
        at = world.clock.now() + 1
        world.aws.part(Metrics).put("Shop", "waiting", {}, 80, at=at)
        world.aws.part(Metrics).put("Shop", "workers", {}, 4, at=at)
        world.minutes(None)
    assert world.instances == 2
