from __future__ import annotations

from typing import Any

import pytest
from prodml.endpoints.component import Component, Hosts, deployment_config, refuse_strategy
from prodml.endpoints.rollout import Rollout, Strategy
from prodml.exceptions import InvalidInputError


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"memory_mb": 64}, "Use at least 128"),
        ({"memory_mb": 512, "cpus": 0}, "Reserve at least a part"),
        ({"memory_mb": 512, "copies": 0}, "set least_copies=0"),
        ({"memory_mb": 512, "copies": 3, "most_copies": 2}, "<= most_copies 2"),
    ],
)
def test_impossible_component_is_refused(arguments: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidInputError, match=complaint):
        Component(**arguments)


def test_impossible_hosts_and_strategies_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="0 <= least 2 <= most 1"):
        Hosts(least=2)
    with pytest.raises(InvalidInputError, match="rollout is canary, which an inference component"):
        refuse_strategy("canary")


def test_hosts_from_zero_start_empty() -> None:
    (variant,) = Hosts(least=0, most=2).request("AllTraffic", "role")["ProductionVariants"]
    assert "InitialInstanceCount" not in variant
    assert variant["ManagedInstanceScaling"]["MinInstanceCount"] == 0


@pytest.mark.parametrize(
    ("rollout", "share"),
    [
        (Rollout(step=10, wait=60, alarms=["errors"]), 50),
        (Rollout(Strategy.ROLLING, step=10, wait=60, alarms=["errors"]), 10),
    ],
)
def test_alarms_watch_batches_also_of_an_update_at_once(rollout: Rollout, share: int) -> None:
    batches = {
        "MaximumBatchSize": {"Type": "CAPACITY_PERCENT", "Value": share},
        "WaitIntervalInSeconds": 60,
    }
    rollback = {"Alarms": [{"AlarmName": "errors"}]}
    config = {"RollingUpdatePolicy": batches, "AutoRollbackConfiguration": rollback}
    assert deployment_config(rollout) == {"DeploymentConfig": config}
    assert deployment_config(Rollout()) == {}
