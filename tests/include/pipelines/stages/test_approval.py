"""The gate between a registered version and its deployment."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.stages import approval as gate


@pytest.mark.parametrize(
    ("outcome", "passes"),
    [("accepted", True), ("rejected", False), ("not sure", False)],
)
@pytest.mark.parametrize("auto_approve", [True, False])
def test_only_an_accepted_model_passes(outcome: str, passes: bool, auto_approve: bool) -> None:
    verdict: Any = {"outcome": outcome, "decision": "because"}
    assert gate.accepted.function(verdict, params={"auto_approve": auto_approve}) is passes


def test_model_that_was_not_compared_needs_a_person() -> None:
    verdict: Any = {"outcome": "NOT_COMPARABLE", "decision": "because"}
    assert gate.accepted.function(verdict, params={"auto_approve": False})
    assert not gate.accepted.function(verdict, params={"auto_approve": True})
