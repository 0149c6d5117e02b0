from __future__ import annotations

import asyncio
from typing import Any

import pytest

from include.local_aws import operations  # noqa: F401  (registers the handlers)
from include.local_aws.autoscaling.autoscaler import Autoscaler
from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.autoscaling.world import (
    DIMENSIONS,
    RESOURCE,
    World,
    follow_queue,
    tick,
)


def test_three_busy_minutes_scale_out_in_proportion(world: World) -> None:
    world.track()
    world.minutes(250, 250)
    assert world.instances == 1
    world.minutes(250)
    assert world.instances == 3


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


def test_cooldown_counts_instances_that_were_just_added(world: World) -> None:
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
        asyncio.run(tick(world.aws))
    assert world.instances == 3


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


@pytest.mark.parametrize(("queue", "instances"), [(10.0, 3), (5.0, 2), (0.0, 1)])
def test_scale_in_needs_the_consent_of_every_policy(
    world: World, queue: float, instances: int
) -> None:
    world.track(ScaleInCooldown=3000, ScaleOutCooldown=0)
    world.minutes(250, 250, 250)
    follow_queue(world, ScaleInCooldown=3000)
    for _ in range(16):
        world.aws.part(Metrics).put("Shop", "Queue", {}, queue, at=world.clock.now() + 1)
        world.minutes(30)
    assert world.instances == instances


def test_alarm_without_its_actions_scales_nothing(world: World) -> None:
    world.track()
    names = [alarm["AlarmName"] for alarm in world.aws.store.list("alarm")]
    switch = {"AlarmNames": names}
    OPERATIONS["cloudwatch", "DisableAlarmActions"](world.aws, switch)
    world.minutes(250, 250, 250)
    assert world.instances == 1
    OPERATIONS["cloudwatch", "EnableAlarmActions"](world.aws, switch)
    world.minutes(250)
    assert world.instances == 3


def test_policy_that_only_scales_out_has_no_vote_on_scaling_in(world: World) -> None:
    world.track(ScaleInCooldown=0, ScaleOutCooldown=0)
    follow_queue(world, DisableScaleIn=True)
    world.minutes(250, 250, 250, *[10] * 15)
    assert world.instances == 1


def test_scaling_that_fails_is_noted_and_not_repeated_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def refuse(*_: Any) -> None:
        tries.append(1)
        raise AwsError("ResourceLimitExceeded", "No more instances.")

    monkeypatch.setattr(world.aws.part(Autoscaler), "_change", refuse)
    world.track(low=2)
    asyncio.run(tick(world.aws))
    asyncio.run(tick(world.aws))
    (activity,) = world.activities()
    message = "Failed to set desired instance count: No more instances."
    assert (activity["StatusCode"], activity["StatusMessage"]) == ("Failed", message)
    assert (world.instances, len(tries)) == (1, 1)
    world.minutes(None)
    assert len(tries) == 2


def test_change_that_the_endpoint_undid_has_its_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def undo(*_: Any) -> asyncio.Task[None]:
        world.aws.store.update("endpoint", "churn", FailureReason="The model did not start.")
        return asyncio.create_task(asyncio.sleep(0))

    monkeypatch.setattr(world.aws.part(Autoscaler), "_change", undo)
    world.track(low=2)
    world.minutes(None)
    (activity,) = world.activities()
    assert activity["StatusCode"] == "Failed"
    assert activity["StatusMessage"].endswith("Reason: The model did not start.")
