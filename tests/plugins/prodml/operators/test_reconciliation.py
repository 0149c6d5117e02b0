"""A job whose task has ended is stopped; every other job is left alone."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk.exceptions import TaskDeferred
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
from prodml.exceptions import SweepError
from prodml.naming import Identity
from prodml.notifications.outbox import take
from prodml.notifications.run_events import OrphansStopped
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.reconciliation import StopOrphanedJobsOperator

from include.local_aws.testing import Server
from tests.plugins.runs import ROLE, Ti, processing_request, run

Start = Callable[..., str]


@pytest.fixture
def start(script: Path, bucket: str, unique: str) -> Start:
    """Start a job that sleeps, and leave it as a dead worker would; return its name."""

    def begin(run_id: str, text: str = "", **arguments: Any) -> str:
        (script / "main.py").write_text(f"import time; time.sleep(90)  # {unique} {text}")
        operator = ProcessingJobOperator(
            task_id="task",
            source_dir=str(script),
            code_prefix=f"s3://{bucket}/code",
            role_arn=ROLE,
            config=processing_request(),
            deferrable=True,
            **{"deployment": unique, **arguments},
        )
        with pytest.raises(TaskDeferred):
            operator.execute({"ti": Ti(run_id)})  # type: ignore[typeddict-item]
        return str(operator.job_name)

    return begin


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Task states of the execution API, by run; no scheduler runs in these tests."""
    states: dict[str, Any] = {}
    monkeypatch.setattr(
        RuntimeTaskInstance,
        "get_task_states",
        lambda run_ids, **_: {r: {"task": states[r]} for r in run_ids if r in states},
    )
    monkeypatch.setattr(RuntimeTaskInstance, "get_dagrun_state", lambda dag_id, run_id: "failed")
    return states


def _sweep(deployment: str, grace: float = 0) -> set[str]:
    operator = StopOrphanedJobsOperator(task_id="sweep", deployment=deployment, grace=grace)
    return set(run(operator, Ti("sweep"))["stopped"])


def test_only_jobs_without_a_task_are_stopped(
    start: Start, airflow: dict[str, Any], unique: str, sagemaker: Any
) -> None:
    airflow |= {
        "alive": "running",
        "waiting": "deferred",
        "retried": "up_for_retry",
        "failed": "failed",
        "cleared-in-a-dead-run": None,
    }
    jobs = {run_id: start(run_id) for run_id in (*airflow, "deleted")}
    take()
    assert _sweep(unique, grace=3600) == set()
    assert take() == []
    ended = {jobs[run_id] for run_id in ("failed", "cleared-in-a-dead-run", "deleted")}
    assert _sweep(unique) == ended
    (event,) = take()
    assert isinstance(event, OrphansStopped)
    assert set(event.jobs) == ended
    for name in ended:
        description = sagemaker.describe_processing_job(ProcessingJobName=name)
        assert description["ProcessingJobStatus"] in ("Stopping", "Stopped")
    assert _sweep(unique) == set()


def test_another_deployments_jobs_are_not_touched(
    start: Start, airflow: dict[str, Any], unique: str
) -> None:
    start("deleted", deployment=f"{unique}b")
    assert _sweep(unique) == set()


def test_a_task_watches_its_newest_job_only(
    start: Start, airflow: dict[str, Any], unique: str
) -> None:
    airflow["alive"] = "running"
    old = start("alive")
    start("alive", "with another request")
    assert _sweep(unique) == {old}


def test_a_sweep_needs_the_owner_of_its_jobs() -> None:
    with pytest.raises(TypeError, match="deployment"):
        StopOrphanedJobsOperator(task_id="sweep")  # type: ignore[call-arg]


def test_two_tasks_whose_short_keys_are_the_same_keep_their_jobs(
    start: Start, airflow: dict[str, Any], unique: str
) -> None:
    for alive in _colliding(unique):
        airflow[alive] = "running"
        start(alive)
    assert _sweep(unique) == set()


def _colliding(deployment: str) -> tuple[str, str]:
    """Two runs whose tasks have the same key in their jobs' names."""
    seen: dict[str, str] = {}
    for number in count():
        run_id = f"run-{number}"
        other = seen.setdefault(Identity(deployment, "pipeline", run_id, "task").key, run_id)
        if other != run_id:
            return run_id, other
    raise AssertionError


@pytest.mark.parametrize("run_id", ["backfill~2", "by a person @ home, 50 %", "r" * 250])
def test_the_task_of_any_run_is_found(
    run_id: str, start: Start, airflow: dict[str, Any], unique: str
) -> None:
    airflow[run_id] = "failed"
    name = start(run_id)
    assert _sweep(unique) == {name}


def test_trouble_with_one_job_leaves_no_other_running(
    start: Start,
    airflow: dict[str, Any],
    unique: str,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs = {run_id: start(run_id) for run_id in ("a", "b", "c")}
    known = RuntimeTaskInstance.get_task_states

    def asked(run_ids: list[str], **others: Any) -> Any:
        if run_ids == ["b"]:
            raise RuntimeError("the API server is away")
        return known(run_ids=run_ids, **others)

    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", asked)
    refusal = {"operation": "ListTags", "error": "AccessDeniedException", "count": 1}
    with server.faults(refusal), pytest.raises(SweepError) as missed:
        _sweep(unique)
    assert "AccessDenied" in str(missed.value)
    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", known)
    left = _sweep(unique)
    assert jobs["b"] in str(missed.value)
    assert left == {name for name in jobs.values() if name in str(missed.value)}


def test_a_job_that_may_not_be_stopped_fails_the_sweep(
    start: Start, airflow: dict[str, Any], server: Server, unique: str
) -> None:
    """It would be billed further without notice."""
    name = start("over")
    airflow["over"] = "failed"
    denied = {"operation": "StopProcessingJob", "error": "AccessDeniedException"}
    with server.faults(denied), pytest.raises(SweepError, match=name):
        _sweep(unique)
    assert _sweep(unique) == {name}
