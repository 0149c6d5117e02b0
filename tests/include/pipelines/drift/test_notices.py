"""Verdicts that people are notified of, with the history on a real S3."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prodml.notifications.outbox import take

from include.pipelines.churn import PIPELINE
from include.pipelines.drift import actions
from tests.include.pipelines.drift.windows import check, context


def posted(given: Any, **options: Any) -> list[str]:
    """Return the titles of the events that a check posts, without the endpoint's name."""
    take()
    actions.conclude(PIPELINE, context(**options), [given], [])
    return [event.title.partition("churn version 1)")[2] for event in take()]


def test_an_alert_is_sent_when_something_follows_and_not_again_for_the_same_columns(
    endpoint: str,
) -> None:
    assert posted(check(endpoint, 0)) == []  # wait
    assert posted(check(endpoint, 1)) == [": audit requested"]
    assert posted(check(endpoint, 1)) == [": audit requested"]  # another check of that window
    assert posted(check(endpoint, 2)) == []
    assert posted(check(endpoint, 3, columns=["minutes", "calls"])) == [": audit requested"]
    assert posted(check(endpoint, 4, "OK")) == []
    assert posted(check(endpoint, 5)) == [": audit requested"]


def test_an_alert_states_the_columns_and_the_reason_and_no_row(
    endpoint: str, landing: Path
) -> None:
    (landing / "churn").mkdir()
    (landing / "churn" / "2024-05-06.csv").touch()
    take()
    given = context(alerts_of_windows="1 of 1")
    actions.conclude(PIPELINE, given, [check(endpoint, 0)], [])
    (event,) = take()
    assert event.name == "drift-alert"
    assert event.title == f"Drift of endpoint {endpoint} (churn version 1): retrain"
    columns, reason = event.facts()
    assert columns == "Columns and metrics: minutes."
    assert reason


def test_a_backfilled_check_sends_nothing(endpoint: str) -> None:
    assert posted(check(endpoint, 0), kind="backfill", alerts_of_windows="1 of 1") == []
