"""Make requests at a steady rate, and judge the answers."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from prodml.endpoints.load_generator import Step, percentile, run_step

GOOD = Step(100.0, 99.0, 600, 0.0, 10.0, 50.0, 1)


def test_time_counts_from_when_a_request_was_due() -> None:
    """Two workers and calls of a tenth: 100 a second pile up, and the last waits longest."""
    step = run_step(lambda: time.sleep(0.1), rate=100, seconds=0.2, workers=2, instances=1)
    assert step.requests == 20
    assert step.p99_ms > 700
    assert step.answered < 95
    assert "p99 was" in str(step.breaks(500, 0))


def test_percentiles_are_nearest_ranks() -> None:
    assert percentile([n / 1000 for n in range(1, 101)], 99) == 99
    assert percentile([0.002], 99) == 2


def test_failures_are_counted_and_answer_nothing() -> None:
    def fails() -> None:
        raise ValueError("no answer")

    step = run_step(fails, rate=200, seconds=0.05, workers=4, instances=3)
    assert (step.requests, step.error_percent, step.answered, step.instances) == (10, 100, 0, 3)
    assert step.breaks(10_000, 50) == "100.0 % of the requests failed"


def test_a_slow_rate_makes_at_least_one_request() -> None:
    calls: list[None] = []
    step = run_step(lambda: calls.append(None), rate=2, seconds=0.1, workers=1, instances=1)
    assert (step.requests, len(calls)) == (1, 1)
    assert step.answered <= step.rate  # a step lasts as long as its requests are due


def test_what_is_within_its_bounds_is_sustained() -> None:
    assert GOOD.breaks(max_p99_ms=50, max_error_percent=0) is None


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (replace(GOOD, error_percent=1.25), "1.2 % of the requests failed"),
        (replace(GOOD, p99_ms=51), "p99 was 51 ms"),
        (replace(GOOD, answered=94.9), "only 94.9 requests per second were answered"),
    ],
)
def test_each_bound_is_named_when_it_is_broken(step: Step, why: str) -> None:
    assert step.breaks(max_p99_ms=50, max_error_percent=1) == why
