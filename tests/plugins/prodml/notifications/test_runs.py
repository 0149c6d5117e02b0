"""Runs that failed or are late, with the contexts that Airflow gives the two callbacks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from prodml.notifications.runs import late_after, on_failure, run_failed, run_late

from tests.plugins.receivers import Notify, Topic

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAG = SimpleNamespace(dag_id="retrain_churn")


@pytest.fixture(autouse=True)
def receiver(notify: Notify, topic: Topic) -> None:
    notify(f"sns:{topic.arn}")


def context(before: timedelta, state: str, run_type: str = "scheduled") -> dict[str, Any]:
    """Return the context of a failed run; the run before was due *before* it."""
    run = SimpleNamespace(run_id="r", run_type=run_type, logical_date=NOON)
    last = SimpleNamespace(state=state, logical_date=NOON - before)
    ti = SimpleNamespace(get_previous_dagrun=lambda: last)
    return {"dag": DAG, "run_id": "r", "reason": "task_failure", "dag_run": run, "ti": ti}


def test_a_failed_run_is_linked_with_airflows_reason(topic: Topic) -> None:
    run_failed({"dag": DAG, "run_id": "r", "reason": "timed_out"})  # no task has run
    (message,) = topic.messages()
    assert message["Subject"] == "ProdML: A run of retrain_churn failed"
    assert "Airflow's reason: timed_out.\n\nIn Airflow: http" in message["Message"]
    assert "/dags/retrain_churn/runs/r\n" in message["Message"]


@pytest.mark.parametrize(
    ("before", "state", "run_type", "sent"),
    [
        (timedelta(minutes=1), "failed", "scheduled", 0),
        (timedelta(minutes=1), "success", "scheduled", 1),
        (timedelta(minutes=1), "failed", "manual", 1),
        (timedelta(hours=1), "failed", "scheduled", 1),
    ],
)
def test_of_a_series_of_failures_the_first_is_sent(
    topic: Topic, before: timedelta, state: str, run_type: str, sent: int
) -> None:
    run_failed(context(before, state, run_type))
    assert len(topic.messages()) == sent


@pytest.mark.parametrize(
    ("run_type", "state", "sent"),
    [
        ("scheduled", "running", 1),
        ("scheduled", "queued", 1),
        ("scheduled", "failed", 0),
        ("backfill", "running", 0),
        ("manual", "running", 0),
    ],
)
def test_a_late_run_is_sent_if_the_schedule_made_it_and_it_has_not_ended(
    topic: Topic, run_type: str, state: str, sent: int
) -> None:
    run = {"dag_id": "retrain_churn", "dag_run_id": "r", "run_type": run_type, "state": state}
    late = {"dag_run": run, "deadline": {"id": "1", "deadline_time": NOON}}
    asyncio.run(run_late(context=late))
    messages = [message["Message"] for message in topic.messages()]
    assert len(messages) == sent
    assert all("It was due at 2026-03-01 12:00 UTC." in message for message in messages)


def test_a_dag_has_neither_callback_where_no_one_is_to_be_notified(notify: Notify) -> None:
    assert on_failure() is run_failed
    alert = late_after(timedelta(hours=3))
    assert alert is not None
    assert alert.callback.path == "prodml.notifications.runs.run_late"
    notify()
    assert (on_failure(), late_after(timedelta(hours=3))) == (None, None)
