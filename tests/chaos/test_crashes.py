"""The suite of `make chaos` in small: kill every process, clear, mark failed, roll back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chaos.crashes import crash, duplicates
from chaos.kills import kill
from chaos.processes import FAST_DETECTION, LOST_AFTER, prefixed
from chaos.redis import MISSING, redis_server, running_redis
from chaos.rollbacks import roll_back
from chaos.world import Job, World, running_world
from include.demo.postgres import running_postgres
from tests.chaos.forked import launched

Ended = dict[str, dict[str, int]]
LOST = dict.fromkeys((name for name, value in FAST_DETECTION.items() if value == LOST_AFTER), "30")
IDLE = prefixed(LOST | {"SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "2"})  # waiting takes CPU, too
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def _job(began: int, took: int | None, status: str) -> Job:
    """Return a job of *took* seconds, which began so many seconds after noon."""
    created = NOON + timedelta(seconds=began)
    return Job("job", status, created, created + timedelta(seconds=took) if took else None)


@pytest.mark.parametrize(
    ("jobs", "number"),
    [
        ([_job(0, 10, "Completed")], 0),
        ([_job(0, 10, "Failed"), _job(11, 5, "Completed")], 0),
        ([_job(0, 10, "Stopped"), _job(9, 5, "Completed")], 1),
        ([_job(0, 10, "Completed"), _job(60, 5, "Completed")], 1),
        ([_job(0, None, "InProgress"), _job(1, 2, "Failed"), _job(5, 2, "Completed")], 2),
    ],
)
def test_duplicates(jobs: list[Job], number: int) -> None:
    assert duplicates(jobs) == number


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Run two schedulers on PostgreSQL, with Celery if Redis is installed.

    Of the project's DAGs, only the sweep takes part: to parse all takes half a minute of CPU time.
    """
    with ExitStack() as stack:
        database = stack.enter_context(running_postgres())
        broker = stack.enter_context(running_redis()) if redis_server() else None
        options: dict[str, Any] = {"variables": IDLE, "only": ("reconcile_jobs",)}
        options |= {"broker": broker, "launch": launched}
        world = running_world(database, 2, ("ours",), **options)
        yield stack.enter_context(world)


@pytest.mark.skipif(redis_server() is None, reason=MISSING)
def test_compose_runs_a_job_through_celery_without_holding_a_slot(world: World) -> None:
    """The task does not set deferrable: docker-compose.yaml sets it for all tasks."""
    (run,) = world.start("crash", 1, 8.0, ["default"])
    world.until(lambda: world.airflow.task_states(run) == ["deferred"], 120, "the task to defer")
    assert world.finish([run]) == []
    assert [job.status for job in world.jobs()[run.name]] == ["Completed"]


def test_killed_processes_start_no_second_job(world: World) -> None:
    """Tasks, then AWS, triggerer, a scheduler and all workers at once; 30 % throttled after it."""
    crashes = crash(world, 4, ["killed tasks and workers", "power cut"])
    assert crashes["ours"] == {"crashes": 4, "duplicates": 0, "unfinished": 0}


@pytest.fixture(scope="module")
def ended(world: World) -> Ended:
    """End tasks early and roll back an update at once: the first waits for the sweep's minute."""
    with ThreadPoolExecutor(2) as pool:
        kills = pool.submit(kill, world, 2, ["mark failed", "clear"], whole_bound=False)
        rollbacks = pool.submit(roll_back, world, 1)
        return {"kills": kills.result()["ours"], "rollbacks": rollbacks.result()["ours"]}


def test_tasks_that_are_ended_leave_no_job(ended: Ended) -> None:
    assert ended["kills"] == {"kills": 2, "orphans": 0}


def test_a_rollback_fails_the_task(ended: Ended) -> None:
    assert ended["rollbacks"] == {"rollbacks": 1, "rollbacks_caught": 1}
