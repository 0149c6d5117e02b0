"""The wiring of a batch scoring run."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import XComArg
from airflow.sdk.exceptions import AirflowFailException
from prodml.notifications.endpoint_events import DriftAlert
from prodml.notifications.outbox import take

from include.pipelines import stages
from include.pipelines.churn import PIPELINE
from include.pipelines.stages.batch import alert
from include.pipelines.stages.shared import OUTCOME
from tests.include.pipelines.stages.conftest import Wired


def test_the_champion_of_the_plan_scores_line_by_line(wired: Wired) -> None:
    transform = wired(stages.score, PIPELINE)["transform"]
    assert isinstance(transform.containers, XComArg)
    assert (transform.strategy, transform.split_type) == ("MultiRecord", "Line")


def test_a_score_file_is_made_anew_by_every_run(wired: Wired) -> None:
    tasks = wired(stages.score, PIPELINE)
    assert [tasks[name].fresh for name in ("prepare_records", "transform")] == [True, True]


def test_the_drift_check_reads_what_the_transform_wrote(wired: Wired) -> None:
    tasks = wired(stages.score, PIPELINE)
    check = tasks["check_drift"]
    assert check.answers_uri == tasks["transform"].output_uri
    assert check.data_uri == tasks["transform"].input_uri
    assert check.data_uri.endswith("key='prefix') }}/records/")
    assert "transform" in check.upstream_task_ids


SCHEDULED = SimpleNamespace(run_type="scheduled")
CHECKED: Any = {
    "outcome": "ALERT",
    "columns": ["age"],
    "joint_drift": [],
    "worse_estimates": [],
    "reason": None,
    "report": "s3://b/drift/",
}


def test_the_files_check_shows_its_outcome_as_a_window_does(wired: Wired) -> None:
    assert wired(stages.score, PIPELINE)["check_drift"].map_index_template == OUTCOME


def test_an_alert_of_a_file_fails_its_marker_where_it_is_asked_for() -> None:
    said = r"^2024-01-15\.csv: ALERT in age\. The report is s3://b/drift/report\.html\.$"
    plan: Any = {"name": "2024-01-15.csv"}
    with pytest.raises(AirflowFailException, match=said):
        alert.function(plan, CHECKED, params={"fail_on_alert": True}, dag_run=SCHEDULED)


@pytest.mark.parametrize(("outcome", "fail_on_alert"), [("ALERT", False), ("WARN", True)])
def test_every_other_outcome_of_a_file_is_logged(
    caplog: pytest.LogCaptureFixture, outcome: str, fail_on_alert: bool
) -> None:
    plan: Any = {"name": "a.csv"}
    with caplog.at_level("INFO"):
        checked = CHECKED | {"outcome": outcome, "reason": "One day."}
        alert.function(plan, checked, params={"fail_on_alert": fail_on_alert}, dag_run=SCHEDULED)
    assert f"a.csv: {outcome} in age. One day. The report is" in caplog.text


@pytest.mark.parametrize(
    ("run_type", "outcome", "sent"),
    [("scheduled", "ALERT", 1), ("scheduled", "WARN", 0), ("backfill", "ALERT", 0)],
)
def test_an_alert_of_a_file_is_sent_unless_it_is_backfilled(
    run_type: str, outcome: str, sent: int
) -> None:
    take()
    plan: Any = {"name": "a.csv"}
    checked = CHECKED | {"outcome": outcome}
    run = SimpleNamespace(run_type=run_type)
    alert.function(plan, checked, params={"fail_on_alert": False}, dag_run=run)
    events = take()
    assert len(events) == sent
    assert all(isinstance(event, DriftAlert) for event in events)
    assert all(event.title == "Drift of file a.csv: reported" for event in events)
