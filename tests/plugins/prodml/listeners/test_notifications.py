"""A task's events are sent when it has ended, once, and not for a try that is retried."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from airflow.utils.state import TaskInstanceState
from prodml.exceptions import JobFailedError, RolledBackError
from prodml.listeners import notifications
from prodml.notifications.endpoint_events import EndpointExpires
from prodml.notifications.outbox import post
from prodml.notifications.run_events import OrphansStopped

from tests.plugins.receivers import Notify, Topic

RUNNING = TaskInstanceState.RUNNING


@pytest.fixture
def ti(notify: Notify, topic: Topic) -> Any:
    """A task that has just started, whose events the topic gets."""
    notify(f"sns:{topic.arn}")
    ti: Any = SimpleNamespace(dag_id="d", run_id="r", task_id="t", map_index=2, state="success")
    ti.task = SimpleNamespace(endpoint="churn")
    notifications.on_task_instance_running(None, ti)
    post(OrphansStopped(jobs=["a", "b"]))
    return ti


def subjects(topic: Topic) -> list[str]:
    return [message["Subject"].removeprefix("ProdML: ") for message in topic.messages()]


def test_the_end_of_a_task_sends_its_events_once_with_its_link(ti: Any, topic: Topic) -> None:
    post(EndpointExpires(endpoint="churn", until="2026-01-01"))
    notifications.on_task_instance_success(RUNNING, ti)
    notifications.on_task_instance_success(RUNNING, ti)
    messages = topic.messages()
    assert len(messages) == 2
    assert all("/dags/d/runs/r/tasks/t/mapped/2\n" in message["Message"] for message in messages)


def test_a_task_that_skips_itself_sends_its_events(ti: Any, topic: Topic) -> None:
    notifications.on_task_instance_skipped(RUNNING, ti)
    assert subjects(topic) == ["2 orphaned jobs were stopped"]


def test_a_retried_try_sends_nothing_and_leaves_nothing(ti: Any, topic: Topic) -> None:
    ti.state = TaskInstanceState.UP_FOR_RETRY
    notifications.on_task_instance_failed(RUNNING, ti, RolledBackError("reason"))
    ti.state = TaskInstanceState.FAILED
    notifications.on_task_instance_failed(RUNNING, ti, JobFailedError("reason"))
    assert subjects(topic) == []


def test_the_failure_of_a_deployment_that_was_rolled_back_is_a_rollback(
    ti: Any, topic: Topic
) -> None:
    ti.state = TaskInstanceState.FAILED
    notifications.on_task_instance_failed(RUNNING, ti, RolledBackError("An alarm fired."))
    stopped, rolled_back = sorted(topic.messages(), key=lambda message: str(message["Subject"]))
    assert stopped["MessageAttributes"]["event"]["Value"] == "orphan-stopped"
    assert rolled_back["Subject"] == "ProdML: The deployment to endpoint churn was rolled back"
    assert "An alarm fired." in rolled_back["Message"]


def test_a_task_that_starts_has_no_events_of_another_one(ti: Any, topic: Topic) -> None:
    notifications.on_task_instance_running(None, ti)
    notifications.on_task_instance_success(RUNNING, ti)
    assert subjects(topic) == []


def test_a_dag_file_that_breaks_is_named_without_its_error(notify: Notify, topic: Topic) -> None:
    notify(f"sns:{topic.arn}")
    notifications.on_new_dag_import_error("/opt/dags/retrain_churn.py", "KeyError: row 31,3")
    (message,) = topic.messages()
    assert message["Subject"] == "ProdML: DAG file retrain_churn.py cannot be imported"
    assert "In Airflow: http://localhost:8080\n" in message["Message"]
    assert "31,3" not in message["Message"]
