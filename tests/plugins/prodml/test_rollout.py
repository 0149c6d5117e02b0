"""What AWS would refuse, the operator refuses first."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.rollout import CONTESTS, Rollout, Strategy


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
    ],
)
def test_refusals(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"hoose|name 10"):
        Rollout(**arguments)
