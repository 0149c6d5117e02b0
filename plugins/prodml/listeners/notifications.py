"""Send the events of a task when it has ended, in the task's own process; name broken DAG files.

An event is sent after Airflow has stored the task's state, and not for a try that is retried.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from airflow.listeners import hookimpl

from prodml.exceptions import RolledBackError
from prodml.notifications.endpoint_events import RolledBack
from prodml.notifications.message import Source
from prodml.notifications.outbox import post, take
from prodml.notifications.run_events import DagBroken
from prodml.notifications.sending import send

if TYPE_CHECKING:
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
    from airflow.utils.state import TaskInstanceState

RETRIED = "up_for_retry"


@hookimpl
def on_task_instance_running(
    previous_state: TaskInstanceState | None, task_instance: RuntimeTaskInstance
) -> None:
    """Forget the events of an earlier task of this process, as under `dag.test()`."""
    take()


@hookimpl
def on_task_instance_success(
    previous_state: TaskInstanceState | None, task_instance: RuntimeTaskInstance
) -> None:
    """Send the events of a task that succeeded."""
    _send_all(task_instance)


@hookimpl
def on_task_instance_skipped(
    previous_state: TaskInstanceState | None, task_instance: RuntimeTaskInstance
) -> None:
    """Send the events of a task that skipped itself."""
    _send_all(task_instance)


@hookimpl
def on_task_instance_failed(
    previous_state: TaskInstanceState | None,
    task_instance: RuntimeTaskInstance,
    error: str | BaseException | None,
) -> None:
    """Send the events of a task that failed for good, and its rollback."""
    if task_instance.state == RETRIED:
        take()
        return
    if isinstance(error, RolledBackError):
        endpoint = str(getattr(task_instance.task, "endpoint", "of the task"))
        post(RolledBack(endpoint=endpoint, reason=str(error)))
    _send_all(task_instance)


@hookimpl
def on_new_dag_import_error(filename: str, stacktrace: str) -> None:
    """Name a file that could be imported before, or is new; its error may quote data."""
    send(DagBroken(file=Path(filename).name), Source())


def _send_all(ti: RuntimeTaskInstance) -> None:
    for event in take():
        send(event, Source.of(ti))
