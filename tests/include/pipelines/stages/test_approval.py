"""The gate between a registered version and its deployment."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.notifications.outbox import take
from prodml.notifications.version_events import Undecided

from include.pipelines.stages import approval as gate

ARN = "arn:aws:sagemaker:us-east-1:123456789012:model-package/churn/7"


@pytest.mark.parametrize(
    ("outcome", "passes"),
    [("accepted", True), ("rejected", False), ("not sure", False)],
)
@pytest.mark.parametrize("auto_approve", [True, False])
def test_only_an_accepted_model_passes(outcome: str, passes: bool, auto_approve: bool) -> None:
    verdict: Any = {"outcome": outcome, "decision": "because"}
    assert gate.accepted.function(verdict, ARN, params={"auto_approve": auto_approve}) is passes


def test_model_that_was_not_compared_needs_a_person() -> None:
    take()
    verdict: Any = {"outcome": "NOT_COMPARABLE", "decision": "because"}
    assert gate.accepted.function(verdict, ARN, params={"auto_approve": False})
    assert take() == []  # the question itself is sent
    assert not gate.accepted.function(verdict, ARN, params={"auto_approve": True})
    (sent,) = take()
    assert sent.title == "churn version 7 was not deployed: NOT_COMPARABLE"


def test_people_hear_of_a_comparison_that_is_not_sure() -> None:
    take()
    verdict: Any = {"outcome": "not sure", "decision": "About 900 more rows would decide."}
    gate.accepted.function(verdict, ARN, params={"auto_approve": True})
    reason = verdict["decision"]
    assert take() == [Undecided(model_package_arn=ARN, outcome="not sure", reason=reason)]
