"""Plan drift checks: the question for each endpoint, from Params and earlier windows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from prodml.endpoints.rollout import Rollout
from prodml.endpoints.serverless import Serverless

from include.pipelines.adapters.aws import read_text, write_text
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.resources import Resources
from include.pipelines.drift import actions, checks, history
from include.pipelines.drift.attribution import Version
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation.champion import Champion
from include.settings import settings
from tests.include.pipelines.drift.windows import MODEL, NOON, check, context

HOUR: dict[str, Any] = {
    "window_start": NOON.isoformat(),
    "window_end": (NOON + timedelta(hours=1)).isoformat(),
    "label_delay_hours": 48,
}


def action(given: Any) -> None:
    actions.conclude(PIPELINE, context(), [given], [])


def test_one_question_for_each_endpoint(endpoint: str) -> None:
    given = context(endpoints=[endpoint, f"{endpoint}-2"], **HOUR)
    result = checks.plan(PIPELINE, given)
    assert [question["endpoint"] for question in result] == [endpoint, f"{endpoint}-2"]
    assert result[0]["output_uri"].endswith(f"/runs/check/r/drift/{endpoint}/churn-1/")
    assert result[0]["captures"] == []
    assert result[0]["model_package_arn"] == MODEL
    assert result[0]["window_end"] == HOUR["window_end"]
    assert result[0]["baseline_uri"] == settings().uri("run", "baseline") + "/"
    assert result[0]["history_uri"] is None


def test_serverless_endpoint_has_no_traffic_to_check() -> None:
    plain = replace(PIPELINE, rollout=Rollout(), resources=Resources(), scaling=())
    serverless = replace(plain, serverless=Serverless())
    for plan in (checks.plan, checks.plan_quality):
        with pytest.raises(NothingNew, match="is serverless, and AWS captures no traffic"):
            plan(serverless, context(**HOUR))


def test_earlier_windows_are_handed_over_for_the_trend(endpoint: str) -> None:
    action(check(endpoint, 0, "OK"))
    (question,) = checks.plan(PIPELINE, context(endpoints=[endpoint], **HOUR))
    kept = json.loads(read_text(f"{question['history_uri']}history.json"))
    assert [window["outcome"] for window in kept] == ["OK"]


def test_two_versions_of_an_endpoint_share_one_reading_of_its_history(
    endpoint: str, champion: Champion, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = [Version(champion), Version(replace(champion, arn=f"{MODEL}2"))]
    monkeypatch.setattr(checks, "find_versions", lambda *_: (versions, []))
    listed: list[str] = []

    def list_nothing(_: Any, uri: str) -> list[Any]:
        listed.append(uri)
        return []

    monkeypatch.setattr(history, "objects", list_nothing)
    result = checks.plan(PIPELINE, context(endpoints=[endpoint], **HOUR))
    assert [question["model_package_arn"] for question in result] == [MODEL, f"{MODEL}2"]
    assert len(listed) == 1


def _checked(endpoint: str, *outcomes: str) -> None:
    """Let the hours up to noon have these outcomes, the last one that of the hour before noon."""
    for hours, outcome in enumerate(reversed(outcomes)):
        action(check(endpoint, -hours, outcome))


@pytest.mark.parametrize(
    ("outcomes", "hours"),
    [
        (["OK"], 0),
        (["NO_DATA"], 1),
        (["OK", "NO_DATA", "NO_DATA"], 2),
        (["NO_DATA", "OK"], 0),
        (["NO_DATA"] * 5, 3),
    ],
    ids=["data", "one", "two", "before", "many"],
)
def test_windows_without_data_are_checked_again_with_the_next_one(
    outcomes: list[str], hours: int, endpoint: str
) -> None:
    _checked(endpoint, *outcomes)
    (question,) = checks.plan(PIPELINE, context(endpoints=[endpoint], **HOUR))
    assert question["window_start"] == (NOON - timedelta(hours=hours)).isoformat()
    assert question["window_end"] == HOUR["window_end"]


@pytest.mark.parametrize("kind", ["manual", "backfill"])
def test_a_window_that_was_asked_for_is_checked_alone(kind: str, endpoint: str) -> None:
    _checked(endpoint, "NO_DATA")
    (question,) = checks.plan(PIPELINE, context(kind, endpoints=[endpoint], **HOUR))
    assert question["window_start"] == HOUR["window_start"]


def test_labels_are_read_where_they_have_had_time_to_arrive(endpoint: str) -> None:
    (question,) = checks.plan_quality(PIPELINE, context(endpoints=[endpoint], **HOUR))
    assert question["window_start"] == (NOON - timedelta(hours=48)).isoformat()
    assert question["output_uri"].endswith(f"/quality/{endpoint}/churn-1/")


def test_without_a_model_there_is_nothing_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "find_champion", lambda endpoint: Champion(None, None, {}))
    with pytest.raises(NothingNew, match=r"serves on \['x'\].*Run retrain_churn"):
        checks.plan(PIPELINE, context(endpoints=["x"], **HOUR))


def test_a_rule_that_cannot_be_read_is_refused_before_any_job() -> None:
    with pytest.raises(ValueError, match="Write it like '2 of 3'"):
        checks.plan(PIPELINE, context(alerts_of_windows="3 of 2", **HOUR))


def test_capture_is_awaited_for_an_interval_and_not_for_a_stated_window() -> None:
    run = SimpleNamespace(data_interval_end=NOON)
    lag = timedelta(minutes=settings().capture_lag_minutes)
    assert checks.capture_arrives(run, {}) == (NOON + lag).isoformat()
    now = datetime.fromisoformat(checks.capture_arrives(run, {"window_end": HOUR["window_end"]}))
    assert datetime.now(UTC) - now < timedelta(minutes=1)


def test_calm_windows_of_the_same_model_become_a_rolling_baseline(
    endpoint: str, champion: Champion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in range(5):
        report = settings().uri("calm", endpoint, str(hour)) + "/"
        rows: dict[str, list[Any]] = {"features": [], "predictions": []}
        write_text(f"{report}drift_report.json", json.dumps(rows))
        write_text(f"{report}report.html", "")
        write_text(f"{report}statistics.json", f"{hour}")
        outcome = "ALERT" if hour == 2 else "OK"
        action(check(endpoint, hour, outcome, report=report))
    given = context(baseline="rolling", endpoints=[endpoint])
    given["params"] |= {
        "window_start": (NOON + timedelta(hours=5)).isoformat(),
        "window_end": (NOON + timedelta(hours=6)).isoformat(),
    }
    mine = replace(champion, facts={"baseline": settings().uri("run", "baseline") + "/"})
    monkeypatch.setattr(checks, "find_champion", lambda endpoint: mine)
    (question,) = checks.plan(PIPELINE, given)
    kept = [
        read_text(f"{question['baseline_uri']}{number:02d}/statistics.json") for number in range(4)
    ]
    assert kept == ["0", "1", "3", "4"]
    given["params"]["baseline"] = "same_hour_of_week"
    (question,) = checks.plan(PIPELINE, given)
    assert question["baseline_uri"] == mine.baseline, "too few weeks: the training data's"
