"""Schedules and sets of policies that AWS would refuse are refused where they are defined."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from prodml.autoscaling.policies import TargetTracking
from prodml.autoscaling.scaling import Scaling, Schedule


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (
            lambda: Schedule("night", "cron(0 20 * * ? *)", 3, 2),
            "min_capacity 3 and max_capacity 2",
        ),
        (lambda: Schedule("night", "20:00", 1, 2), "Use cron"),
        (lambda: Scaling([TargetTracking(), TargetTracking()]), "Duplicate policy"),
    ],
)
def test_refusals(make: Callable[[], Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        make()


def test_a_schedule_sets_bounds_under_a_name_of_prodml() -> None:
    request = Schedule("night", "cron(0 20 * * ? *)", 1, 2, "Europe/Berlin").request()
    assert request == {
        "ScheduledActionName": "prodml-night",
        "Schedule": "cron(0 20 * * ? *)",
        "Timezone": "Europe/Berlin",
        "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 2},
    }
