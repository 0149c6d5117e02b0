"""The trigger survives a move to another triggerer, fires once, and stops orphaned jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.exceptions import TaskDeferred
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
from prodml.aws.client import Aws
from prodml.jobs.jobs import Jobs
from prodml.operators.processing import ProcessingJobOperator
from prodml.triggers.job import OVERDUE, SageMakerTrigger
from prodml.vocabulary import PROCESSING
from structlog.testing import capture_logs

from tests.plugins.runs import ROLE, Ti, first_event, processing_request, run

LONG_AGO = (datetime.now(UTC) - timedelta(hours=1)).isoformat()


def _trigger(name: str = "job", **arguments: Any) -> SageMakerTrigger:
    return SageMakerTrigger("ProcessingJob", name, 0.1, Aws().arguments(), **arguments)


def _operator(script: Path, bucket: str, text: str) -> ProcessingJobOperator:
    (script / "main.py").write_text(text)
    return ProcessingJobOperator(
        task_id="task",
        source_dir=str(script),
        code_prefix=f"s3://{bucket}/code",
        role_arn=ROLE,
        config=processing_request(),
        poll_interval=0.1,
        deferrable=True,
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, bucket: str, server: Any) -> str:
    """A job that has printed fifty lines and completed."""
    operator = _operator(
        tmp_path_factory.mktemp("done"), bucket, "for i in range(50): print('line', i)"
    )
    return str(run(operator, Ti(run_id="manual__done"))["job_name"])


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, bucket: str, server: Any
) -> Iterator[SageMakerTrigger]:
    """The trigger of a deferred task whose job runs."""
    operator = _operator(
        tmp_path_factory.mktemp("running"), bucket, "import time; time.sleep(3600)"
    )
    ti = Ti(run_id="manual__running")
    with pytest.raises(TaskDeferred) as deferred:
        operator.execute({"ti": ti})  # type: ignore[typeddict-item]
    trigger: Any = deferred.value.trigger
    trigger.task_instance = ti
    yield trigger
    operator.on_kill()


def test_serialization() -> None:
    trigger = _trigger(follow=True, until=LONG_AGO, deferred=LONG_AGO, resume={"waits": 1})
    path, arguments = trigger.serialize()
    assert path == f"{SageMakerTrigger.__module__}.{SageMakerTrigger.__qualname__}"
    assert SageMakerTrigger(**arguments).serialize() == (path, arguments)


def test_it_fires_with_the_status(done: str) -> None:
    event: dict[str, Any] = asyncio.run(first_event(_trigger(done)))
    assert event == {"name": done, "status": "Completed"}


def test_the_event_carries_what_the_task_resumes_with(done: str) -> None:
    event: dict[str, Any] = asyncio.run(first_event(_trigger(done, resume={"changed": True})))
    assert event["resume"] == {"changed": True}


def test_a_job_that_ended_while_no_triggerer_ran_is_not_overdue(done: str) -> None:
    event: dict[str, Any] = asyncio.run(first_event(_trigger(done, until=LONG_AGO)))
    assert event["status"] == "Completed"


def test_a_running_job_past_the_deadline_is_overdue(running: SageMakerTrigger) -> None:
    event: dict[str, Any] = asyncio.run(first_event(_trigger(running.name, until=LONG_AGO)))
    assert event["status"] == OVERDUE


def _said(trigger: SageMakerTrigger) -> list[str]:
    with capture_logs() as said:
        asyncio.run(first_event(trigger))
    return [line for entry in said if (line := _line(entry)).startswith("line")]


def _line(entry: Any) -> str:
    return str(entry["event"] % entry.get("positional_args", ()))


def test_the_end_of_the_log_is_copied_when_the_job_has_ended(done: str) -> None:
    assert _said(_trigger(done, follow=True)) == [f"line {i}" for i in range(50)]


def test_follow_logs_off_copies_nothing(done: str) -> None:
    assert _said(_trigger(done, follow=False)) == []


def test_a_restarted_triggerer_does_not_repeat_the_log(done: str) -> None:
    assert _said(_trigger(done, follow=True, deferred=LONG_AGO)) == []


def _answer(monkeypatch: pytest.MonkeyPatch, *state: str | None) -> None:
    """Set the task state of the execution API; none once the task was deleted."""
    states_ = {"manual__running": {"task": state[0]}} if state else {}
    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", lambda **_: states_)


def _status_after_kill(trigger: SageMakerTrigger) -> str:
    asyncio.run(trigger.on_kill())
    jobs = Jobs(Aws(), PROCESSING)
    return jobs.status(jobs.describe(trigger.name))


def test_a_trigger_that_another_triggerer_took_over_stops_nothing(
    running: SageMakerTrigger, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(monkeypatch, "deferred")
    assert _status_after_kill(running) == "InProgress"


def test_where_airflow_cannot_be_asked_the_job_is_left_to_the_sweep(
    running: SageMakerTrigger,
) -> None:
    assert _status_after_kill(running) == "InProgress"


@pytest.mark.parametrize("state", [("running",), ("failed",), ("success",), ()])
def test_a_task_that_waits_no_more_is_found_out(
    state: tuple[str, ...], running: SageMakerTrigger, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(Jobs, "stop", lambda _, name, why: asked.append(name))
    _answer(monkeypatch, *state)
    asyncio.run(running.on_kill())
    assert asked == [running.name]


def test_a_cleared_task_stops_its_job(
    running: SageMakerTrigger, monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer(monkeypatch, None)
    assert _status_after_kill(running) in ("Stopping", "Stopped")
