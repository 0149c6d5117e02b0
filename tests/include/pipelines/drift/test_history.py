"""Verdicts on windows, kept by endpoint and end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from include.pipelines.churn import PIPELINE
from include.pipelines.drift import history
from tests.include.pipelines.drift.windows import NOON


def verdict(endpoint: str, hour: int, outcome: str = "OK") -> Any:
    end = NOON + timedelta(hours=hour)
    return {"endpoint": endpoint, "window_end": end.isoformat(), "outcome": outcome}


@pytest.fixture
def kept(endpoint: str) -> str:
    for hour in (2, 0, 1):
        history.remember(PIPELINE, verdict(endpoint, hour))
    return endpoint


def test_earlier_windows_come_oldest_first_and_without_the_one_asked_for(kept: str) -> None:
    result = history.before(PIPELINE, kept, NOON + timedelta(hours=2), 5)
    assert result == [verdict(kept, 0), verdict(kept, 1)]
    assert history.before(PIPELINE, kept, NOON + timedelta(hours=2), 1) == [verdict(kept, 1)]
    assert history.before(PIPELINE, kept, NOON + timedelta(hours=2), 0) == []


def test_checking_a_window_again_replaces_its_verdict(kept: str) -> None:
    history.remember(PIPELINE, verdict(kept, 1, "ALERT"))
    result = history.before(PIPELINE, kept, NOON + timedelta(hours=9), 9)
    assert [window["outcome"] for window in result] == ["OK", "ALERT", "OK"]


def test_windows_are_found_by_their_ends_as_far_as_they_were_checked(kept: str) -> None:
    ends = [NOON + timedelta(hours=hour) for hour in (1, 7, 0)]
    result = history.ending_at(PIPELINE, kept, ends)
    assert result == [verdict(kept, 1), verdict(kept, 0)]


def test_an_endpoint_whose_name_begins_alike_has_its_own_windows(kept: str) -> None:
    assert history.before(PIPELINE, f"{kept}-2", NOON + timedelta(hours=9), 9) == []
