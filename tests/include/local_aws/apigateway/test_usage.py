"""Requests are counted by plan, key and day, and compared with the quota of the period."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from include.local_aws.apigateway.usage import Usage
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.store import Doc, Store
from include.local_aws.wire.errors import AwsError

DAY = 86_400
SATURDAY = datetime(2024, 3, 30, 12, tzinfo=UTC)


def plan(limit: int = 2, period: str = "DAY") -> Doc:
    return {"id": "p", "quota": {"limit": limit, "period": period}}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(SATURDAY.timestamp())


@pytest.fixture
def usage(clock: ManualClock) -> Usage:
    return Usage(Store(":memory:"), clock)


def test_refused_request_is_not_counted(usage: Usage) -> None:
    assert [usage.take(plan(), "k") for _ in range(4)] == [True, True, False, False]
    assert usage.take(plan(), "another key")
    days = usage.days(plan(), ["k", "another key"], "2024-03-30", "2024-03-30")
    assert days == {"k": [[2, 0]], "another key": [[1, 1]]}


@pytest.mark.parametrize(
    ("period", "allowed"),
    [
        ("DAY", [True, True, True]),  # Saturday, Sunday, Monday the first of April
        ("WEEK", [True, True, False]),
        ("MONTH", [True, False, True]),
    ],
)
def test_quota_begins_anew_with_its_period(
    usage: Usage, clock: ManualClock, period: str, allowed: list[bool]
) -> None:
    taken = []
    for _ in allowed:
        taken.append(usage.take(plan(1, period), "k"))
        clock.advance(DAY)
    assert taken == allowed


def test_plan_without_a_quota_counts_without_a_limit(usage: Usage) -> None:
    assert all(usage.take({"id": "p"}, "k") for _ in range(5))
    assert usage.days({"id": "p"}, ["k"], "2024-03-29", "2024-03-30") == {"k": [[0, 0], [5, 0]]}


def test_counts_survive_a_restart(clock: ManualClock) -> None:
    store = Store(":memory:")
    assert Usage(store, clock).take(plan(1), "k")
    assert not Usage(store, clock).take(plan(1), "k")


def test_lowered_quota_leaves_nothing_and_not_less(usage: Usage) -> None:
    for _ in range(2):
        usage.take(plan(2), "k")
    assert usage.days(plan(1), ["k"], "2024-03-30", "2024-03-30") == {"k": [[2, 0]]}


@pytest.mark.parametrize(
    ("first", "last", "advice"),
    [
        ("30.03.2024", "2024-03-30", "YYYY-MM-DD"),
        ("2024-03-30", "2024-03-29", "0 to 89 days after startDate"),
        ("2024-01-01", "2024-03-31", "0 to 89 days after startDate"),
    ],
)
def test_impossible_days_are_refused(usage: Usage, first: str, last: str, advice: str) -> None:
    with pytest.raises(AwsError, match=advice):
        usage.days(plan(), ["k"], first, last)
