"""End the log of a failed task with the advice of its error, and not with a traceback.

Airflow logs an exception with the traceback below its message. An error of
:mod:`prodml.exceptions` says what is wrong and what to do about it; where it was raised does not
help. All other exceptions keep their traceback.
"""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

import structlog
from airflow.listeners import hookimpl

from prodml import exceptions

if TYPE_CHECKING:
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
    from airflow.utils.state import TaskInstanceState


@hookimpl
def on_task_instance_running(
    previous_state: TaskInstanceState | None, task_instance: RuntimeTaskInstance
) -> None:
    """Put :func:`without_traceback` before the processors that print exceptions."""
    # The list itself: a logger that was used already keeps it, and not what is configured later.
    processors: list[Any] = structlog.get_config()["processors"]
    if without_traceback not in processors:
        processors.insert(0, without_traceback)


def without_traceback(
    logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace the text of *event* and its traceback by the error's message, if it is ours."""
    error = sys.exc_info()[1] if event.get("exc_info") is True else event.get("exc_info")
    if is_complete(error):
        del event["exc_info"]
        event["event"] = f"{type(error).__name__}: {error}"
    return event


def is_complete(error: object) -> bool:
    """Return whether the message of *error* says all that helps, by its class."""
    return type(error).__module__ == exceptions.__name__
