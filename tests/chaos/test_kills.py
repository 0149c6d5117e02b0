"""Kills, and the jobs that they leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos.kills import kill, kill_task, orphans, stop_all
from chaos.users import Run
from chaos.world import Job
from tests.chaos.worlds import QuietWorld, job, task

RUN = Run("ours", "kill_ours_deferred", "manual__1", "chaos-1")
NO_PROCESS = 4194305  # above the largest process id of Linux


class OwnJobs(QuietWorld):
    """A world with the jobs of one run."""

    def __init__(self, state: str, *jobs: Job) -> None:
        super().__init__({"taskInstances": task(state)})
        self.own = list(jobs)

    def jobs(self) -> dict[str, list[Job]]:
        return {RUN.name: self.own}


@pytest.mark.parametrize(
    ("state", "statuses", "is_orphan"),
    [
        ("deferred", ["InProgress"], False),
        ("failed", ["Completed", "Stopped"], False),
        ("failed", ["Completed", "Stopping"], True),
        ("deferred", ["InProgress", "InProgress"], True),
        ("failed", [], False),
    ],
)
def test_a_job_without_a_task_is_an_orphan(
    state: str, statuses: list[str], is_orphan: bool
) -> None:
    world = OwnJobs(state, *map(job, statuses))
    assert orphans(world, [RUN]) == ([RUN] if is_orphan else [])


def test_no_kill_needs_no_run() -> None:
    world = QuietWorld(kinds=("ours", "stock"))
    none = {"kills": 0, "orphans": 0}
    assert kill(world, 0) == {"ours": none, "stock": none}
    assert world.users.requests == []


def test_each_run_of_a_plan_is_killed_once() -> None:
    """The wait ends at once: the jobs have stopped."""
    world = QuietWorld({"^GET.*taskInstances": task("failed")}, status="Stopped")
    assert kill(world, 3, ["mark failed"], whole_bound=False) == {
        "ours": {"kills": 3, "orphans": 0}
    }
    assert world.users.lines("PATCH") == [
        f"PATCH /dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances/task" for run in world.runs
    ]
    assert "ours: 0 of 3 still run (none)" in world.lines


def test_plans_use_the_modes_that_they_prove_something_for() -> None:
    world = QuietWorld({"^GET.*taskInstances": task("failed")}, status="Stopped")
    kill(world, 4, ["clear", "mark success"], whole_bound=False)
    assert [run.dag_id for run in world.runs] == [
        *["kill_ours_deferred"] * 2,
        *("kill_ours_deferred", "kill_ours_waiting"),
    ]


def test_a_task_that_has_ended_by_itself_cannot_be_killed(tmp_path: Path) -> None:
    world = QuietWorld(folder=tmp_path)
    world.processes.pids.mkdir()
    (world.processes.pids / f"{RUN.name}.1").write_text(str(NO_PROCESS))
    kill_task(world, RUN)


def test_only_jobs_in_progress_are_stopped_at_the_end() -> None:
    """A job may end between the list and the request to stop it."""
    world = OwnJobs(
        "failed", job("InProgress", "gone"), job("InProgress", "a"), job("Stopped", "b")
    )
    stop_all(world)
    assert world.sagemaker.calls == [("stop_processing_job", name) for name in ("gone", "a")]
