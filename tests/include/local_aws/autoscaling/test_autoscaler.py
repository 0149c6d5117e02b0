"""Autoscaling on a clock that the test moves, over an endpoint whose processes are only counted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.local_aws import operations  # noqa: F401  (registers the handlers)
from include.local_aws.account_builder import build
from include.local_aws.autoscaling import targets
from include.local_aws.autoscaling.autoscaler import Autoscaler
from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.account import Aws
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.options import Options
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.sagemaker.endpoints import states
from include.local_aws.sagemaker.endpoints.fleet import Fleet
from include.local_aws.wire.errors import AwsError

START = 1_700_000_040.0  # a whole minute
RESOURCE = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/churn/variant/AllTraffic",
    "ScalableDimension": targets.DIMENSION,
}
DIMENSIONS = {"EndpointName": "churn", "VariantName": "AllTraffic"}


class CountedFleet:
    """Stands where processes would: every resize ends at once."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def flush_metrics(self) -> None:
        """The test itself says what was measured."""

    def resize(self, name: str) -> asyncio.Task[None]:
        states.move(self._aws, name, "InService")
        return asyncio.create_task(asyncio.sleep(0))


class World:
    """One endpoint with a scaling policy, and minutes that pass."""

    def __init__(self, aws: Aws, clock: ManualClock) -> None:
        self.aws, self.clock = aws, clock
        aws.store.insert("endpoint", "churn", _endpoint(aws))

    @property
    def instances(self) -> int:
        doc = self.aws.store.get("endpoint", "churn") or {}
        return int(doc["Deployment"]["Variants"][0]["DesiredInstanceCount"])

    def call(self, operation: str, **request: Any) -> Any:
        return OPERATIONS["application-autoscaling", operation](self.aws, request)

    def activities(self, **request: Any) -> list[dict[str, Any]]:
        """Newest first."""
        found = self.call("DescribeScalingActivities", ServiceNamespace="sagemaker", **request)
        return list(found["ScalingActivities"])

    def schedule(self, expression: str, **members: Any) -> None:
        bounds = {"MinCapacity": 3, "MaxCapacity": 6}
        action = {"Schedule": expression, "ScalableTargetAction": bounds} | members
        self.call("PutScheduledAction", **RESOURCE, ScheduledActionName="morning", **action)

    def track(self, target: float = 100.0, low: int = 1, high: int = 4, **config: Any) -> None:
        self.call("RegisterScalableTarget", **RESOURCE, MinCapacity=low, MaxCapacity=high)
        metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
        tracking = {"TargetValue": target, "PredefinedMetricSpecification": metric} | config
        self.call(
            "PutScalingPolicy",
            **RESOURCE,
            PolicyName="follow",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=tracking,
        )

    def minutes(self, *loads: float | None) -> None:
        """Each load is the number of invocations of one minute, spread over the instances."""

        async def pass_by() -> None:
            for load in loads:
                if load is not None:
                    self._publish(load / self.instances)
                self.clock.advance(60)
                self.aws.part(Autoscaler).tick()
                await asyncio.sleep(0.001)

        asyncio.run(pass_by())

    def _publish(self, per_instance: float) -> None:
        at = self.clock.now() + 1
        name = "InvocationsPerInstance"
        self.aws.part(Metrics).put("AWS/SageMaker", name, DIMENSIONS, per_instance, at=at)


def _endpoint(aws: Aws) -> dict[str, Any]:
    variant = {"VariantName": "AllTraffic", "DesiredInstanceCount": 1, "DesiredWeight": 1.0}
    return {
        "EndpointName": "churn",
        "EndpointArn": aws.arn("endpoint/churn"),
        "EndpointConfigName": "churn-1",
        "EndpointStatus": "InService",
        "Deployment": {"Variants": [variant]},
    }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    clock = ManualClock(START)
    aws = build(Options(data_dir=tmp_path), clock)
    aws.add(CountedFleet(aws), Fleet)
    yield World(aws, clock)
    aws.store.close()


def test_three_busy_minutes_scale_out_in_proportion(world: World) -> None:
    world.track()
    world.minutes(250, 250)
    assert world.instances == 1
    world.minutes(250)
    assert world.instances == 3


def test_target_must_be_positive(world: World) -> None:
    with pytest.raises(AwsError, match="must be greater than 0"):
        world.track(target=0.0)


def test_maximum_is_kept(world: World) -> None:
    world.track(high=2)
    world.minutes(1000, 1000, 1000)
    assert world.instances == 2


def test_one_quiet_minute_keeps_the_alarm_silent(world: World) -> None:
    world.track()
    world.minutes(250, 50, 250)
    assert world.instances == 1


def test_fifteen_quiet_minutes_scale_in(world: World) -> None:
    world.track(ScaleInCooldown=0, ScaleOutCooldown=0)
    world.minutes(250, 250, 250)
    world.minutes(*[60] * 14)
    assert world.instances == 3
    world.minutes(60)
    assert world.instances == 1


def test_scale_in_can_be_disabled(world: World) -> None:
    world.track(DisableScaleIn=True, ScaleOutCooldown=0)
    world.minutes(250, 250, 250, *[0] * 20)
    assert world.instances == 3
    assert len(world.aws.store.list("alarm")) == 1


def test_cooldown_counts_what_was_just_added(world: World) -> None:
    world.track(ScaleOutCooldown=600, high=10)
    world.minutes(250, 250, 250)
    world.minutes(330, 330, 330)
    assert world.instances == 3


def test_scale_in_waits_for_its_cooldown(world: World) -> None:
    world.track(ScaleInCooldown=600, ScaleOutCooldown=0, high=3)
    world.minutes(250, 250, 250, *[120] * 15)
    assert world.instances == 2
    world.minutes(*[10] * 9)
    assert world.instances == 2
    world.minutes(*[10] * 8)
    assert world.instances == 1


def test_activity_says_why(world: World) -> None:
    world.track()
    world.minutes(250, 250, 250)
    (activity,) = world.activities()
    assert activity["StatusCode"] == "Successful"
    assert activity["Description"] == "Setting desired instance count to 3."
    assert "-AlarmHigh-" in activity["Cause"]
    assert "in state ALARM triggered policy follow" in activity["Cause"]


def test_minimum_takes_effect_at_once(world: World) -> None:
    world.track(low=2)
    world.minutes(0)
    assert world.instances == 2
    (activity,) = world.aws.store.list("scaling-activity")
    assert activity["Cause"] == "minimum capacity was set to 2"


def test_suspended_target_stays(world: World) -> None:
    world.track()
    suspended = {"DynamicScalingOutSuspended": True}
    world.call("RegisterScalableTarget", **RESOURCE, SuspendedState=suspended)
    world.minutes(250, 250, 250)
    assert world.instances == 1


def test_endpoint_that_is_updated_is_not_scaled(world: World) -> None:
    world.track()
    world.aws.store.update("endpoint", "churn", EndpointStatus="Updating")
    world.minutes(250, 250, 250)
    assert world.instances == 1


def test_compressed_minute_holds_its_own_requests(world: World) -> None:
    world.clock.scale = 60
    world.track()
    for _ in range(3):
        at = world.clock.now() + 0.1
        world.aws.part(Metrics).put(
            "AWS/SageMaker", "InvocationsPerInstance", DIMENSIONS, 250, at=at
        )
        world.clock.advance(1)
        asyncio.run(_tick(world.aws))
    assert world.instances == 3


async def _tick(aws: Aws) -> None:
    aws.part(Autoscaler).tick()
    await asyncio.sleep(0.001)


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


def test_step_policy_follows_its_owners_alarm(world: World) -> None:
    _put_steps(world)
    world.minutes(180)
    assert world.instances == 4


def test_alarm_set_by_hand_takes_the_first_step(world: World) -> None:
    _put_steps(world)
    request = {"AlarmName": "busy", "StateValue": "ALARM", "StateReason": "a drill"}
    OPERATIONS["cloudwatch", "SetAlarmState"](world.aws, request)
    world.minutes(None)
    assert world.instances == 2


def _put_steps(world: World) -> None:
    world.call("RegisterScalableTarget", **RESOURCE, MinCapacity=1, MaxCapacity=9)
    steps = [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 50, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 50, "ScalingAdjustment": 3},
    ]
    config = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": steps, "Cooldown": 600}
    arn = world.call(
        "PutScalingPolicy",
        **RESOURCE,
        PolicyName="steps",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration=config,
    )["PolicyARN"]
    OPERATIONS["cloudwatch", "PutMetricAlarm"](
        world.aws,
        {
            "AlarmName": "busy",
            "Namespace": "AWS/SageMaker",
            "MetricName": "InvocationsPerInstance",
            "Dimensions": [{"Name": k, "Value": v} for k, v in DIMENSIONS.items()],
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 100.0,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "ignore",
            "AlarmActions": [arn],
        },
    )


def test_alarm_that_changes_nothing_says_why_not(world: World) -> None:
    world.track(high=1)
    world.minutes(250, 250, 250, 250)
    assert world.activities() == []
    (activity,) = world.activities(IncludeNotScaledActivities=True)
    assert activity["Description"] == "Attempting to scale due to alarm triggered"
    assert activity["NotScaledReasons"] == [{"Code": "AlreadyAtMaxCapacity", "MaxCapacity": 1}]
    world.minutes(*[10] * 15)
    latest = world.activities(IncludeNotScaledActivities=True)[0]
    assert latest["NotScaledReasons"] == [{"Code": "AlreadyAtMinCapacity", "MinCapacity": 1}]


def _follow_queue(world: World, **config: Any) -> None:
    """A second policy, on a metric of its owner's."""
    custom = {"MetricName": "Queue", "Namespace": "Shop", "Statistic": "Average"}
    tracking = {"TargetValue": 10.0, "CustomizedMetricSpecification": custom} | config
    world.call(
        "PutScalingPolicy",
        **RESOURCE,
        PolicyName="queue",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
    )


@pytest.mark.parametrize(("queue", "instances"), [(10.0, 3), (5.0, 2), (0.0, 1)])
def test_scale_in_needs_the_consent_of_every_policy(
    world: World, queue: float, instances: int
) -> None:
    world.track(ScaleInCooldown=3000, ScaleOutCooldown=0)
    world.minutes(250, 250, 250)
    _follow_queue(world, ScaleInCooldown=3000)
    for _ in range(16):
        world.aws.part(Metrics).put("Shop", "Queue", {}, queue, at=world.clock.now() + 1)
        world.minutes(30)
    assert world.instances == instances


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
    _follow_queue(world, CustomizedMetricSpecification={"Metrics": [*metrics, math]})
    for _ in range(3):
        at = world.clock.now() + 1
        world.aws.part(Metrics).put("Shop", "waiting", {}, 80, at=at)
        world.aws.part(Metrics).put("Shop", "workers", {}, 4, at=at)
        world.minutes(None)
    assert world.instances == 2


def test_scheduled_action_moves_the_bounds(world: World) -> None:
    world.track(high=2)
    world.schedule("rate(10 minutes)")
    world.minutes(*[20] * 9)
    assert world.instances == 1
    world.minutes(20)
    assert world.instances == 3
    scaled, bounds = world.activities()
    assert bounds["Cause"] == "scheduled action name morning was triggered"
    assert bounds["Description"] == "Setting min capacity to 3 and max capacity to 6"
    assert scaled["Cause"] == "minimum capacity was set to 3"


def test_scheduled_action_fires_once_for_what_it_missed(world: World) -> None:
    world.track()
    world.schedule("at(2023-11-14T22:20:00)")
    world.clock.advance(3600)
    world.minutes(20, 20)
    assert world.instances == 3
    assert len(world.activities()) == 2


@pytest.mark.parametrize(
    "members",
    [{"EndTime": START + 30}, {"StartTime": START + 3600}],
    ids=["after its end", "before its start"],
)
def test_scheduled_action_keeps_to_its_time(world: World, members: dict[str, float]) -> None:
    world.track()
    world.schedule("cron(0/5 * * * ? *)", **members)
    world.minutes(*[20] * 12)
    assert world.instances == 1


def test_suspended_schedule_moves_nothing(world: World) -> None:
    world.track()
    world.schedule("rate(5 minutes)")
    suspended = {"ScheduledScalingSuspended": True}
    world.call("RegisterScalableTarget", **RESOURCE, SuspendedState=suspended)
    world.minutes(*[20] * 12)
    assert world.instances == 1


def test_compressed_schedule_is_due_sooner(world: World) -> None:
    world.clock.scale = 60
    world.track()
    world.schedule("rate(1 hour)")
    world.clock.advance(59)
    asyncio.run(_tick(world.aws))
    assert world.instances == 1
    world.clock.advance(2)
    asyncio.run(_tick(world.aws))
    assert world.instances == 3
