"""The note on an endpoint about the scaling that an update took off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from prodml.autoscaling import registrations, suspended
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


def test_the_note_outlives_the_task_and_goes_when_scaling_is_on_again(
    scaled: dict[str, Any],
) -> None:
    aws, name = Aws(), scaled["EndpointName"]
    suspended.take_off(aws, scaled, ["AllTraffic"])
    assert registrations.targets(aws, name) == []
    note = suspended.read(aws, scaled)
    assert note is not None
    assert [t["place"]["ResourceId"] for t in note.targets] == [
        f"endpoint/{name}/variant/AllTraffic"
    ]
    assert suspended.put_back(aws, scaled, ["AllTraffic"])
    assert suspended.read(aws, scaled) is None
    assert not suspended.put_back(aws, scaled, ["AllTraffic"])
    assert [t["MaxCapacity"] for t in registrations.targets(aws, name)] == [3]


def test_an_endpoint_that_is_not_in_service_keeps_its_note(scaled: dict[str, Any]) -> None:
    aws = Aws()
    suspended.take_off(aws, scaled, ["AllTraffic"])
    updating = scaled | {"EndpointStatus": "Updating"}
    assert not suspended.put_back(aws, updating, ["AllTraffic"])
    assert suspended.read(aws, scaled) is not None
    assert suspended.put_back(aws, scaled, ["AllTraffic"])


def test_a_long_note_is_a_row_of_tags(scaled: dict[str, Any]) -> None:
    tags = suspended.noted(Aws(), scaled["EndpointName"], ["AllTraffic"])
    assert len(tags) > 1
    assert max(len(value) for value in tags.values()) <= 256
    note = suspended.Note.of(tags | {"team": "growth"})
    assert note is not None
    assert note.keys == sorted(tags)
    # What a longer, earlier note has left is no part of this one.
    assert suspended.Note.of(tags | {f"{suspended.NOTE}99": "AAAA"}).targets == note.targets  # type: ignore[union-attr]
    assert suspended.Note.of({"team": "growth"}) is None
