"""Read the end of a failed task's log, printed by a logger like that of the task runner."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from airflow.sdk.exceptions import AirflowFailException
from prodml.exceptions import InvalidInputError, JobFailedError, RolledBackError
from prodml.listeners import task_log

Failed = Callable[[Exception], dict[str, Any]]


@pytest.fixture
def failed() -> Iterator[Failed]:
    """Yield a function that fails a task with an exception and returns the line in its log."""
    before = structlog.get_config()
    output = io.StringIO()
    structlog.configure(
        processors=[structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()],
        logger_factory=structlog.WriteLoggerFactory(output),
        cache_logger_on_first_use=True,
    )
    log = structlog.get_logger()
    log.info("Used before the task runs, and so cached.")

    def fail(error: Exception) -> dict[str, Any]:
        task_log.on_task_instance_running(None, None)  # type: ignore[arg-type]
        try:
            try:
                raise KeyError("the cause")
            except KeyError as cause:
                raise error from cause
        except Exception:
            log.exception("Task failed with exception")
        line: dict[str, Any] = json.loads(output.getvalue().splitlines()[-1])
        return line

    yield fail
    structlog.configure(**before)


@pytest.mark.parametrize("kind", [InvalidInputError, JobFailedError, RolledBackError])
def test_an_error_of_ours_is_its_sentences_alone(failed: Failed, kind: type[Exception]) -> None:
    line = failed(kind("Job a-1 failed: no rows.\nFill the file."))
    assert line == {"event": f"{kind.__name__}: Job a-1 failed: no rows.\nFill the file."}


@pytest.mark.parametrize("kind", [ZeroDivisionError, ValueError, AirflowFailException])
def test_every_other_exception_keeps_its_traceback(failed: Failed, kind: type[Exception]) -> None:
    line = failed(kind("by zero"))
    assert line["event"] == "Task failed with exception"
    assert line["exception"][0]["frames"]


def test_a_second_task_of_the_process_adds_no_second_processor(failed: Failed) -> None:
    failed(JobFailedError("a"))
    failed(JobFailedError("b"))
    assert structlog.get_config()["processors"].count(task_log.without_traceback) == 1
