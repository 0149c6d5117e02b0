"""What AWS would refuse, the operator refuses first."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.rollout import Rollout, Strategy


def test_a_plain_update_says_nothing() -> None:
    assert Rollout().request() == {}


def test_alarms_guard_any_strategy() -> None:
    for strategy in Strategy:
        config = Rollout(strategy, 10, 60, ["errors"]).request()["DeploymentConfig"]
        assert config["AutoRollbackConfiguration"] == {"Alarms": [{"AlarmName": "errors"}]}


@pytest.mark.parametrize(
    "arguments",
    [
        {"strategy": Strategy.CANARY, "step": 51},
        {"strategy": Strategy.LINEAR, "step": 9},
        {"wait": 3601},
        {"alarms": ["a"] * 11},
    ],
)
def test_refusals(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"hoose|name 10"):
        Rollout(**arguments)
