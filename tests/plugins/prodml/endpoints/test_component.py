from __future__ import annotations

from typing import Any

import pytest
from prodml.endpoints.component import Component, Hosts, refuse_strategy
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
