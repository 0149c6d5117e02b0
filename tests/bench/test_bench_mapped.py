"""The delay from a job's end to its task's end, by job and task, and its percentiles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.bench_mapped import lateness, summary

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def _job(trial: int, ended: int, status: str = "Completed") -> dict[str, Any]:
    """Return a job of *trial*, which ended so many seconds after noon."""
    return {
        "HyperParameters": {"trial": str(trial)},
        "TrainingJobStatus": status,
        "TrainingEndTime": NOON + timedelta(seconds=ended),
    }


def _task(index: int, ended: int, state: str = "success") -> dict[str, Any]:
    """Return a task instance, as Airflow's API has it."""
    end = (NOON + timedelta(seconds=ended)).isoformat().replace("+00:00", "Z")
    return {"map_index": index, "state": state, "end_date": end}


def test_a_task_is_measured_from_its_own_job() -> None:
    jobs = [_job(8, 20), _job(7, 10)]
    assert lateness([_task(0, 12), _task(1, 25)], jobs, first=7) == [2.0, 5.0]


def test_a_task_of_several_jobs_is_measured_from_the_last_that_completed() -> None:
    jobs = [_job(0, 30), _job(0, 10), _job(0, 35, "Stopped")]
    assert lateness([_task(0, 32)], jobs) == [2.0]


def test_a_task_that_failed_or_has_no_job_is_not_measured() -> None:
    tasks = [_task(0, 12, "failed"), _task(-1, 3), _task(1, 25)]
    assert lateness(tasks, [_job(0, 10), _job(1, 24)]) == [1.0]


def test_the_percentile_lies_within_what_was_measured() -> None:
    assert summary([float(n) for n in range(101)]) == {"median": 50.0, "p95": 95.0}
    assert summary([1.0, 2.0]) == {"median": 1.5, "p95": 1.9}
    assert summary([3.04]) == {"median": 3.0, "p95": 3.0}
    assert summary([]) == {"median": None, "p95": None}
