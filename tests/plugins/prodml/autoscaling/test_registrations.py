"""Take scaling off a variant, and put all of it on again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from prodml.autoscaling.registrations import (
    actions,
    deregister,
    policies,
    registered,
    restore,
    scaled_variant,
    targets,
)
from prodml.aws.client import Aws

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform, variant

TRACKING = {
    "TargetValue": 100.0,
    "PredefinedMetricSpecification": {
        "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
    },
}
NIGHT = {"MinCapacity": 1, "MaxCapacity": 1}
STEPS = {
    "AdjustmentType": "ChangeInCapacity",
    "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
}


@pytest.fixture(scope="module")
def aws() -> Aws:
    return Aws()


@pytest.fixture(scope="module")
def endpoint(platform: Platform) -> Iterator[str]:
    name = platform.serving(variant(platform.model()))
    yield name
    platform.sagemaker.delete_endpoint(EndpointName=name)


@pytest.fixture
def scaled(aws: Aws, endpoint: str) -> dict[str, str]:
    """The place of a registered variant with two policies and a schedule."""
    client, place = aws.client("application-autoscaling"), scaled_variant(endpoint, "AllTraffic")
    client.register_scalable_target(**place, MinCapacity=1, MaxCapacity=3)
    client.put_scaling_policy(
        **place,
        PolicyName="steps",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration=STEPS,
    )
    client.put_scaling_policy(
        **place,
        PolicyName="tracking",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=TRACKING,
    )
    client.put_scheduled_action(
        **place,
        ScheduledActionName="night",
        Schedule="cron(0 20 * * ? *)",
        Timezone="Europe/Berlin",
        ScalableTargetAction=NIGHT,
    )
    return place


def _facts(aws: Aws, endpoint: str) -> list[Any]:
    """All that must survive, without what AWS makes anew."""
    new = ("CreationTime", "Alarms", "PolicyARN", "ScheduledActionARN", "ScalableTargetARN")
    place = scaled_variant(endpoint, "AllTraffic")
    resources = [*targets(aws, endpoint), *policies(aws, place), *actions(aws, place)]
    return [{key: value for key, value in each.items() if key not in new} for each in resources]


def _steps(aws: Aws, place: dict[str, str]) -> dict[str, Any]:
    """Return the step scaling policy, which a custom alarm may call."""
    return next(policy for policy in policies(aws, place) if policy["PolicyName"] == "steps")


def test_a_variant_is_named_as_application_auto_scaling_does() -> None:
    assert scaled_variant("churn", "AllTraffic") == {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/churn/variant/AllTraffic",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }


def test_all_is_as_before_though_it_was_kept_as_json(
    aws: Aws, endpoint: str, scaled: dict[str, str]
) -> None:
    before = _facts(aws, endpoint)
    saved = json.loads(json.dumps(registered(aws, endpoint, ["AllTraffic"])))
    deregister(aws, saved)
    assert _facts(aws, endpoint) == []
    deregister(aws, saved)  # a second try finds nothing, and that is as good
    restore(aws, saved, ["AllTraffic"])
    assert _facts(aws, endpoint) == before
    assert len(before) == 4


def test_an_alarm_of_one_s_own_follows_its_policy(
    aws: Aws, endpoint: str, scaled: dict[str, str], server: Server
) -> None:
    cloudwatch = server.client("cloudwatch")
    policy = _steps(aws, scaled)
    cloudwatch.put_metric_alarm(
        AlarmName=endpoint,
        AlarmActions=["arn:aws:sns:us-east-1:000000000000:people", policy["PolicyARN"]],
        Namespace="shop",
        MetricName="OrdersWaiting",
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=100,
        ComparisonOperator="GreaterThanThreshold",
    )
    saved = registered(aws, endpoint, ["AllTraffic"])
    deregister(aws, saved)
    restore(aws, saved, ["AllTraffic"])
    policy = _steps(aws, scaled)
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[endpoint])["MetricAlarms"]
    assert alarm["AlarmActions"][1:] == [policy["PolicyARN"]]
    assert alarm["AlarmActions"][0].endswith(":people")
    assert (alarm["Threshold"], alarm["Statistic"]) == (100, "Maximum")


def test_a_variant_that_is_gone_is_not_registered_again(
    aws: Aws, endpoint: str, scaled: dict[str, str]
) -> None:
    saved = registered(aws, endpoint, ["AllTraffic"])
    deregister(aws, saved)
    restore(aws, saved, ["Challenger"])
    assert targets(aws, endpoint) == []


def test_only_the_variants_of_this_endpoint_are_found(
    aws: Aws, endpoint: str, scaled: dict[str, str]
) -> None:
    assert [t["ResourceId"] for t in targets(aws, endpoint)] == [scaled["ResourceId"]]
    assert targets(aws, endpoint[:-1]) == []
    assert registered(aws, endpoint, ["Challenger"]) == []
