"""The operator refuses rollouts that AWS would refuse."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.endpoints.rollout import CONTESTS, Rollout, Strategy


def test_a_plain_update_says_nothing() -> None:
    assert Rollout().request() == {}


def test_alarms_guard_any_strategy() -> None:
    for strategy in set(Strategy) - CONTESTS:
        config = Rollout(strategy, 10, 60, ["errors"]).request()["DeploymentConfig"]
        assert config["AutoRollbackConfiguration"] == {"Alarms": [{"AlarmName": "errors"}]}


def test_a_contest_is_a_plain_update() -> None:
    """AWS refuses a deployment configuration when the variants change."""
    for strategy in CONTESTS:
        assert Rollout(strategy, 10, 60, ["errors"]).request() == {}


@pytest.mark.parametrize(
    "arguments",
    [
        {"strategy": Strategy.CANARY, "step": 51},
        {"strategy": Strategy.LINEAR, "step": 9},
        {"strategy": Strategy.ROLLING, "step": 4},
        {"strategy": Strategy.AB, "step": 100},
        {"strategy": Strategy.SHADOW, "step": 0},
        {"wait": 3601},
        {"alarms": ["a"] * 11},
        {"strategy": Strategy.LINEAR, "step": 10, "wait": 3600},
        {"strategy": Strategy.ROLLING, "step": 5, "wait": 3600},
    ],
)
def test_refusals(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"Use |at most 10"):
        Rollout(**arguments)


def test_an_update_may_wait_for_almost_eight_hours_and_no_longer() -> None:
    """AWS lets no update last longer than 28,800 seconds."""
    assert Rollout(Strategy.LINEAR, 13, 3599).request()  # 8 steps: 28,792 seconds
    assert Rollout(Strategy.CANARY, 1, 3600).request()  # two steps, however small the canary
    with pytest.raises(ValueError, match=r"10 times 3600 s, 36,000 s in all.* up to 2879 s"):
        Rollout(Strategy.LINEAR, 10, 3600)


@pytest.mark.parametrize("strategy", [Strategy.CANARY, Strategy.LINEAR, Strategy.ROLLING])
def test_steps_of_one_instance_are_doubted(strategy: Strategy) -> None:
    assert Rollout(strategy).doubts(2) == []
    assert f"A {strategy} rollout moves whole instances" in Rollout(strategy).doubts(1)[0]


def test_alarms_need_time_to_fire() -> None:
    assert Rollout(alarms=["errors"], wait=300).doubts(1) == []
    assert "rollout_wait is 120 s" in Rollout(alarms=["errors"], wait=120).doubts(1)[0]
    assert Rollout(wait=0).doubts(1) == []
