"""Registrations are taken off whole, and put on again as they were."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from prodml.autoscaling import registrations
from prodml.aws.client import Aws

from tests.include.local_aws.models import Platform, variant


@pytest.fixture(scope="module")
def scaled(platform: Platform, connection: None) -> Iterator[dict[str, Any]]:
    """A described endpoint whose variant is registered with a policy and a schedule."""
    name = platform.serving(variant(platform.model()))
    client = platform.server.client("application-autoscaling")
    place = registrations.scaled_variant(name, "AllTraffic")
    client.register_scalable_target(**place, MinCapacity=1, MaxCapacity=3)
    tracking = {
        "TargetValue": 100.0,
        "PredefinedMetricSpecification": {
            "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
        },
    }
    client.put_scaling_policy(
        **place,
        PolicyName="load",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
    )
    client.put_scheduled_action(
        **place,
        ScheduledActionName="nightly",
        Schedule="cron(0 20 * * ? *)",
        ScalableTargetAction={"MinCapacity": 2, "MaxCapacity": 2},
    )
    yield platform.sagemaker.describe_endpoint(EndpointName=name)
    platform.sagemaker.delete_endpoint(EndpointName=name)


def test_what_is_taken_off_is_put_on_again_whole(scaled: dict[str, Any]) -> None:
    aws, name = Aws(), scaled["EndpointName"]
    saved = registrations.registered(aws, name, ["AllTraffic"])
    assert json.loads(json.dumps(saved)) == saved  # it is kept as JSON
    registrations.deregister(aws, saved)
    registrations.deregister(aws, saved)  # twice is as good
    assert registrations.targets(aws, name) == []
    registrations.restore(aws, saved, ["AllTraffic"])
    again = registrations.registered(aws, name, ["AllTraffic"])
    assert again[0]["target"] == saved[0]["target"]
    assert [p["policy"] for p in again[0]["policies"]] == [
        p["policy"] for p in saved[0]["policies"]
    ]
    assert again[0]["actions"] == saved[0]["actions"]


def test_a_variant_that_is_gone_is_not_registered_again(scaled: dict[str, Any]) -> None:
    aws, name = Aws(), scaled["EndpointName"]
    saved = registrations.registered(aws, name, ["AllTraffic"])
    registrations.deregister(aws, saved)
    registrations.restore(aws, saved, ["Other"])
    assert registrations.targets(aws, name) == []
    registrations.restore(aws, saved, ["AllTraffic"])


def test_another_endpoints_variants_are_not_found(scaled: dict[str, Any]) -> None:
    assert registrations.registered(Aws(), scaled["EndpointName"], ["Other"]) == []
    assert registrations.targets(Aws(), scaled["EndpointName"][:-1]) == []
