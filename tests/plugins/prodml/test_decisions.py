"""The properties of a decision are such that SageMaker takes them as metadata."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from prodml.decisions import decision
from prodml.vocabulary import Approval


def test_a_decision_has_its_status_and_the_moment() -> None:
    properties = decision(Approval.APPROVED, "ada@example.com")
    assert (properties["decided"], properties["decided_by"]) == ("Approved", "ada@example.com")
    age = datetime.now(UTC) - datetime.fromisoformat(properties["decided_at"])
    assert timedelta(0) <= age < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("user", "recorded"),
    [
        ("o'neil (ops)\n", "o-neil -ops--"),
        ("Jürgen_1.x+y=z/a:b", "Jürgen_1.x+y=z/a:b"),
        ("", "unknown"),
        ("x" * 300, "x" * 256),
    ],
)
def test_a_name_has_only_what_metadata_can_hold(user: str, recorded: str) -> None:
    assert decision(Approval.REJECTED, user)["decided_by"] == recorded
