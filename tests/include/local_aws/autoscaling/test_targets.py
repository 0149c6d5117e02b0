from __future__ import annotations

import pytest

from include.local_aws import operations  # noqa: F401  (registers the handlers)
from include.local_aws.autoscaling import targets
from include.local_aws.core.registry import OPERATIONS
from tests.include.local_aws.autoscaling.world import (
    RESOURCE,
    World,
)


def test_resource_names_one_variant() -> None:
    assert targets.place(RESOURCE) == ("churn", "AllTraffic")


@pytest.mark.parametrize(
    "resource", ["endpoint/churn", "endpoint//variant/A", "table/churn/variant/A", "a/b/c/d/e"]
)
def test_other_resources_are_refused(resource: str) -> None:
    with pytest.raises(ValueError, match=f"ResourceId '{resource}' is not endpoint/<name>"):
        targets.place(RESOURCE | {"ResourceId": resource})


def test_removed_target_takes_its_policies_actions_and_alarms_with_it(world: World) -> None:
    world.track()
    world.schedule("rate(1 hour)")
    names = [alarm["AlarmName"] for alarm in world.aws.store.list("alarm")]
    assert len(names) == 2
    targets.forget(world.aws, "churn")
    for kind in (targets.TARGET, targets.POLICY, targets.SCHEDULED, "alarm"):
        assert world.aws.store.list(kind) == []


def test_endpoint_whose_name_only_begins_alike_keeps_its_target(world: World) -> None:
    world.track()
    targets.forget(world.aws, "chur")
    assert targets.find(world.aws, "churn", "AllTraffic") is not None


def test_owners_alarm_outlives_the_step_policy_that_it_triggers(world: World) -> None:
    world.call("RegisterScalableTarget", **RESOURCE, MinCapacity=1, MaxCapacity=2)
    steps = [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}]
    made = world.call(
        "PutScalingPolicy",
        **RESOURCE,
        PolicyName="steps",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "ChangeInCapacity",
            "StepAdjustments": steps,
        },
    )
    OPERATIONS["cloudwatch", "PutMetricAlarm"](
        world.aws,
        {
            "AlarmName": "mine",
            "Namespace": "Shop",
            "MetricName": "m",
            "Statistic": "Sum",
            "Period": 60,
            "EvaluationPeriods": 1,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanThreshold",
            "AlarmActions": [made["PolicyARN"]],
        },
    )
    targets.forget(world.aws, "churn")
    assert [alarm["AlarmName"] for alarm in world.aws.store.list("alarm")] == ["mine"]
