"""Policies that AWS would refuse are refused where they are defined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from prodml.autoscaling.policies import Metric, Step, StepScaling, TargetTracking

CPU = Metric("/aws/sagemaker/Endpoints", "CPUUtilization")


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: TargetTracking(target=0), "target is 0"),
        (lambda: TargetTracking(scale_in_cooldown=-1), "scale_in_cooldown is -1"),
        (lambda: StepScaling(CPU, 70, []), "Start at 0"),
        (lambda: StepScaling(CPU, 70, [Step(0, 1), Step(0, 2)]), "ascending"),
        (lambda: StepScaling(CPU, 70, [Step(0, -1), Step(5, -2)], below=True), "descending"),
        (
            lambda: StepScaling(CPU, 70, [Step(0, 1)], adjustment="Some"),
            "Invalid adjustment 'Some'",
        ),
    ],
)
def test_refusals(make: Callable[[], Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        make()


def test_numbers_may_be_rendered_later() -> None:
    policy = TargetTracking(target="{{ params.target }}")
    policy.target = "250"
    config = policy.request("e", "v")["TargetTrackingScalingPolicyConfiguration"]
    assert config["TargetValue"] == 250
    policy.target = "-1"
    with pytest.raises(ValueError, match="target is -1"):
        policy.request("e", "v")


def test_steps_share_their_ends() -> None:
    steps = [Step(0, 1), Step(20, 3)]
    config = StepScaling(CPU, 70, steps).request("e", "v")["StepScalingPolicyConfiguration"]
    assert config["StepAdjustments"] == [
        {
            "MetricIntervalLowerBound": 0,
            "MetricIntervalUpperBound": 20,
            "ScalingAdjustment": 1,
        },
        {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 3},
    ]
