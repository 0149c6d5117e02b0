"""The action that follows from windows, on a real S3."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from include.jobs.drift.documents import TRIGGERED
from include.pipelines.adapters.aws import read_text, write_text
from include.pipelines.churn import PIPELINE
from include.pipelines.drift import actions, history, notices
from include.pipelines.evaluation.champion import Champion
from include.settings import settings
from tests.include.pipelines.drift.windows import MODEL, NOON, check, context


@pytest.fixture
def labelled(landing: Path) -> None:
    """A slice newer than the model's window has arrived."""
    (landing / "churn").mkdir()
    (landing / "churn" / "2024-05-06.csv").touch()


def action(given: Any, **options: Any) -> str:
    result = actions.conclude(PIPELINE, context(**options), [given], [])
    return str(result["action"])


def test_two_of_three_windows_must_alert(endpoint: str) -> None:
    assert action(check(endpoint, 0)) == "wait"
    assert action(check(endpoint, 1, "OK")) == "none"
    assert action(check(endpoint, 2)) == "audit"
    assert action(check(endpoint, 3, "NO_DATA")) == "none"
    assert action(check(endpoint, 4, "OK")) == "none"
    assert action(check(endpoint, 5)) == "wait"


def test_one_of_one_needs_no_past(endpoint: str) -> None:
    assert action(check(endpoint, 0), alerts_of_windows="1 of 1") == "audit"


def test_alerts_of_the_model_before_do_not_count(endpoint: str) -> None:
    action(check(endpoint, 0, model_package_arn="arn:another"))
    assert action(check(endpoint, 1)) == "wait"


@pytest.mark.usefixtures("labelled")
def test_newer_labels_start_one_retrain_within_the_cooldown(endpoint: str) -> None:
    outcomes = [action(check(endpoint, hour)) for hour in range(3)]
    assert outcomes == ["wait", "retrain", "wait"]
    assert action(check(endpoint, 1)) == "retrain", "a second check replaces its own verdict"
    assert action(check(endpoint, 24)) == "wait"
    assert action(check(endpoint, 25)) == "retrain"


@pytest.mark.usefixtures("labelled")
@pytest.mark.parametrize(
    ("serving", "expected", "why"),
    [
        (None, "none", "Another model serves by now"),
        (Champion("arn:newer", None, {}), "none", "Another model serves by now"),
        (Champion(MODEL, None, {}), "audit", "training window is unknown"),
    ],
    ids=["deleted", "newer", "foreign"],
)
def test_only_a_model_in_service_of_a_known_window_is_trained_again(
    endpoint: str,
    monkeypatch: pytest.MonkeyPatch,
    serving: Champion | None,
    expected: str,
    why: str,
) -> None:
    monkeypatch.setattr(actions, "find_champion", lambda _: serving)
    given = context(alerts_of_windows="1 of 1")
    result = actions.conclude(PIPELINE, given, [check(endpoint, 0)], [])
    assert (result["action"], why in result["why"]) == (expected, True)


@pytest.mark.usefixtures("labelled")
def test_bad_data_is_fixed_and_not_learned(endpoint: str) -> None:
    given = check(endpoint, 0, data_quality="ALERT")
    assert action(given, alerts_of_windows="1 of 1") == "fix_data_quality"


@pytest.mark.usefixtures("labelled")
def test_a_backfilled_check_fills_the_trend_and_starts_nothing(endpoint: str) -> None:
    assert [action(check(endpoint, hour), kind="backfill") for hour in (0, 1)] == ["wait", "report"]
    past = history.before(PIPELINE, endpoint, NOON + timedelta(hours=9), history.SHOWN)
    assert [window["action"] for window in past] == ["wait", "report"]


@pytest.mark.usefixtures("labelled")
def test_worse_answers_alert_by_themselves(endpoint: str) -> None:
    quality = check(endpoint, 0, columns=["auc"])
    given = context(alerts_of_windows="1 of 1")
    result = actions.conclude(PIPELINE, given, [check(endpoint, 0, "OK")], [quality])
    assert (result["action"], result["worse_metrics"]) == ("retrain", ["auc"])


@pytest.mark.usefixtures("labelled")
def test_drift_of_the_window_as_a_whole_is_named_and_kept_for_the_trend(endpoint: str) -> None:
    report = settings().uri("whole", endpoint) + "/"
    auc = {"value": 0.8, "expected": 0.9, "warn_from": 0.88, "alert_from": 0.85}
    score = {"status": "ALERT", "score": "auc", "scores": {"auc": auc}}
    limits = {"warn_threshold": 0.03, "alert_threshold": 0.08}
    joint = {"status": "ALERT", "distance": 0.2, **limits}
    rows: dict[str, Any] = {"features": [], "predictions": [], "joint": joint, "estimated": score}
    write_text(f"{report}drift_report.json", json.dumps(rows))
    write_text(f"{report}report.html", TRIGGERED)
    named: dict[str, Any] = {"joint_drift": ["a with b"], "worse_estimates": ["estimated auc"]}
    given = check(endpoint, 0, columns=[], report=report, **named)
    result = actions.conclude(PIPELINE, context(alerts_of_windows="1 of 1"), [given], [])
    assert result["action"] == "retrain"
    assert "ALERT in a with b, estimated auc." in actions.sentence(result)
    (verdict,) = result["endpoints"]
    event = notices.notice(PIPELINE, {**verdict, "endpoint": f"{endpoint}-2"})
    assert event
    assert event.columns == ["a with b", "estimated auc"]
    (window,) = history.before(PIPELINE, endpoint, NOON + timedelta(hours=1), 1)
    assert (window["joint"], window["estimated"]) == (0.2, 0.8)


def test_a_failed_check_is_kept_before_it_fails_the_task(endpoint: str) -> None:
    given = [
        check(endpoint, 0, "FAILED", reason="a.jsonl line 2 is not a capture record"),
        check(f"{endpoint}-2", 0, "OK"),
    ]
    with pytest.raises(actions.CheckFailed, match="line 2 is not a capture record"):
        actions.conclude(PIPELINE, context(), given, [])
    for name, kept in ((endpoint, "repair"), (f"{endpoint}-2", "none")):
        (window,) = history.before(PIPELINE, name, NOON + timedelta(hours=1), 5)
        assert window["action"] == kept


@pytest.mark.usefixtures("labelled")
def test_traffic_of_another_contract_starts_nothing(endpoint: str) -> None:
    reason = "300 of 300 requests are of another contract."
    given = check(endpoint, 0, "NOT_COMPARABLE", reason=reason, columns=[])
    result = actions.conclude(PIPELINE, context(alerts_of_windows="1 of 1"), [given], [])
    assert (result["action"], result["alerts"]) == ("none", False)
    assert result["why"] == f"The window is NOT_COMPARABLE. {reason}"


def test_of_many_endpoints_the_worst_speaks(endpoint: str) -> None:
    given = [check(endpoint, 0, "OK"), check(f"{endpoint}-2", 0), check(f"{endpoint}-3", 0, "WARN")]
    result = actions.conclude(PIPELINE, context(), given, [])
    assert (result["outcome"], result["endpoint"]) == ("ALERT", f"{endpoint}-2")
    assert len(result["endpoints"]) == 3


def test_an_endpoint_that_serves_nothing_is_not_passed_over(endpoint: str) -> None:
    given = context(endpoints=[endpoint, "misspelt"])
    with pytest.raises(actions.CheckFailed, match=r"'misspelt'\] serve no model"):
        actions.conclude(PIPELINE, given, [check(endpoint, 0, "OK")], [])
    assert history.before(PIPELINE, endpoint, NOON + timedelta(hours=1), 5)


def test_the_report_says_what_was_triggered_and_the_trend_its_distances(endpoint: str) -> None:
    report = settings().uri("reports", endpoint) + "/"
    minutes = {"name": "minutes", "distance": 0.3, "warn_threshold": 0.1, "alert_threshold": 0.2}
    rows = {"features": [minutes], "predictions": []}
    write_text(f"{report}drift_report.json", json.dumps(rows))
    write_text(f"{report}report.html", f"<p>{TRIGGERED}</p>")
    action(check(endpoint, 0, report=report))
    assert "Triggered: wait. 1 of the last 3" in read_text(f"{report}report.html")
    (window,) = history.before(PIPELINE, endpoint, NOON + timedelta(hours=1), 5)
    assert window["distances"] == {"minutes": 0.3}


def test_other_versions_are_reported_and_trigger_nothing(endpoint: str) -> None:
    report = settings().uri("others", endpoint) + "/"
    write_text(f"{report}report.html", f"<p>{TRIGGERED}</p>")
    arns = [f"{MODEL[:-1]}{number}" for number in (2, 3)]
    calm, moved, silent = (
        check(endpoint, 0, "OK"),
        check(endpoint, 0, model_package_arn=arns[0], report=report),
        check(endpoint, 0, "NO_DATA", model_package_arn=arns[1]),
    )
    given = context(alerts_of_windows="1 of 1")
    result = actions.conclude(PIPELINE, given, [calm, moved, silent], [])
    assert (result["outcome"], result["action"], result["alerts"]) == ("OK", "none", False)
    assert [version["model_package_arn"] for version in result["others"]] == arns[:1]
    said = "Version churn-2 served too: ALERT in minutes (500 rows)."
    assert actions.sentence(result).endswith(said)
    assert "Triggered: none. Version churn-1 is in service." in read_text(f"{report}report.html")
    (kept,) = history.before(PIPELINE, endpoint, NOON + timedelta(hours=1), 5)
    assert [version["outcome"] for version in kept["others"]] == ["ALERT"]


def test_a_version_that_could_not_be_checked_fails_the_task_too(endpoint: str) -> None:
    broken = check(endpoint, 0, "FAILED", model_package_arn="arn:2", reason="a.jsonl line 2")
    with pytest.raises(actions.CheckFailed, match="line 2"):
        actions.conclude(PIPELINE, context(), [check(endpoint, 0, "OK"), broken], [])


@pytest.mark.usefixtures("labelled")
def test_late_labels_of_a_former_version_do_not_count_against_the_one_in_service(
    endpoint: str,
) -> None:
    quality = check(endpoint, -48, columns=["auc"], model_package_arn="arn:model-package/churn/0")
    given = context(alerts_of_windows="1 of 1")
    result = actions.conclude(PIPELINE, given, [check(endpoint, 0, "OK")], [quality])
    assert (result["action"], result["model_quality"]) == ("none", None)
    said = "Version churn-0 served too: NO_DATA, model quality ALERT in auc (0 rows)."
    assert actions.sentence(result).endswith(said)


def test_a_sentence_says_outcome_columns_and_action_and_names_ten_columns() -> None:
    columns = [f"c{n}" for n in range(12)]
    verdict: Any = {"endpoint": "churn", "outcome": "ALERT", "columns": columns}
    verdict |= {"model_quality": None, "worse_metrics": [], "action": "fix_data_quality"}
    verdict |= {"joint_drift": [], "worse_estimates": []}
    verdict["others"] = []
    said = actions.sentence(verdict | {"why": "Fix them."})
    assert said.startswith("churn: ALERT in c0, c1, ")
    assert said.endswith("c9 and 2 more. Action: fix data quality. Fix them.")
    calm: dict[str, Any] = {
        "outcome": "NO_DATA",
        "columns": None,
        "action": "none",
        "why": "The window is NO_DATA.",
    }
    assert (
        actions.sentence(verdict | calm) == "churn: NO_DATA. Action: none. The window is NO_DATA."
    )


def test_every_verdict_is_left_for_the_note_even_if_the_task_fails(
    endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[str] = []
    monkeypatch.setattr(actions, "leave", lambda *sentences: left.extend(sentences))
    given = [check(endpoint, 0, "FAILED", reason="no record"), check(f"{endpoint}-2", 0)]
    with pytest.raises(actions.CheckFailed):
        actions.conclude(PIPELINE, context(), given, [])
    assert [sentence.partition(". ")[0] for sentence in left] == [
        f"{endpoint}: FAILED",
        f"{endpoint}-2: ALERT in minutes",
    ]
