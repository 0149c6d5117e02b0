"""The suite of `make chaos`, small: killed tasks, a clear, a mark, under two schedulers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.chaos.crashes import crash, duplicates
from bench.chaos.kills import kill
from bench.chaos.postgres import binaries, running_postgres
from bench.chaos.world import Job, World, running_world

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


def _job(began: int, took: int | None, status: str) -> Job:
    """Of *took* seconds, which began so many seconds after noon."""
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
def test_what_counts_as_a_duplicate(jobs: list[Job], number: int) -> None:
    assert duplicates(jobs) == number


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two schedulers on PostgreSQL where it is installed; else one on SQLite."""
    if binaries():
        with running_postgres() as database, running_world(database, 2, ("ours",)) as found:
            yield found
    else:
        database = f"sqlite:///{tmp_path}/airflow.db?timeout=30"
        with running_world(database, 1, ("ours",)) as found:
            yield found


def test_a_small_chaos(world: World) -> None:
    crashes = crash(world, 2, ["killed tasks and workers"])
    assert crashes["ours"] == {"crashes": 2, "duplicates": 0, "unfinished": 0}
    kills = kill(world, 2, ["mark failed", "clear"], whole_bound=False)
    assert kills["ours"] == {"kills": 2, "orphans": 0}
