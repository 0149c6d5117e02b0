"""A job is polled at an interval by its age, independent of its triggerer's start."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from prodml.triggers.subscription import Subscription

AGES = [(None, 0.0, 1.0), (0.0, 1.0, 1.0), (600.0, 0.0, 10.0), (7200.0, 0.0, 30.0)]


@pytest.mark.parametrize(("age", "first", "later"), AGES)
def test_when_a_job_is_due(age: float | None, first: float, later: float) -> None:
    """Return the seconds to the first poll of a job of that *age*, and between polls."""
    created = None if age is None else datetime.now(UTC) - timedelta(seconds=age)
    now = time.monotonic()
    subscription = Subscription("job", 1.0, "group", created)
    assert subscription.due - now == pytest.approx(first, abs=0.5)
    now = time.monotonic()
    subscription.notify({}, usual=None)
    assert subscription.due - now == pytest.approx(later, abs=0.5)
