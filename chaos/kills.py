"""Kill tasks before their job ends; check that the job is stopped within the stated bound."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from chaos.users import Run
from chaos.world import World, shares

SWEEP, STOP = 60.0, 120.0  # seconds: schedule of dags/reconcile_jobs, time of a job to stop
BOUND = 2 * SWEEP + STOP
SECONDS = 3600.0  # of each job
AT_ONCE = 2  # tasks of each kind: one scheduler may get all of them, and sweeps


def kill_task(world: World, run: Run) -> None:
    with suppress(ProcessLookupError):
        os.kill(world.pid(run), signal.SIGKILL)


def wait_for_limit(world: World, run: Run) -> None:
    """Wait for the timeout of the DAG."""


# Each with its DAG, and the action once the job of a run has started.
PLANS: dict[str, tuple[str, Callable[[World, Run], None]]] = {
    "killed worker": ("kill", kill_task),
    "clear": ("kill", lambda world, run: world.airflow.clear(run)),
    "mark failed": ("kill", lambda world, run: world.airflow.mark_task(run, "failed")),
    "mark success": ("kill", lambda world, run: world.airflow.mark_task(run, "success")),
    "task time-out": ("overtime", wait_for_limit),
    "run time-out": ("expire", wait_for_limit),
    "deleted run": ("kill", lambda world, run: world.airflow.delete(run)),
    "dead triggerer": ("kill", lambda world, run: world.airflow.mark_run(run, "failed")),
}
MODES_OF = {  # plans for which the other mode proves nothing, or holds its slot for an hour
    "killed worker": ("waiting",),
    "clear": ("deferred",),
    "dead triggerer": ("deferred",),
}


def kill(
    world: World, count: int, plans: Iterable[str] = PLANS, whole_bound: bool = True
) -> dict[str, dict[str, int]]:
    """Run *count* kills of each kind; return ``{"kills", "orphans"}`` by kind.

    The wait ends as soon as ours have no orphan left, unless *whole_bound* is set.
    """
    if not count:
        return {kind: {"kills": 0, "orphans": 0} for kind in world.kinds}
    runs: dict[str, list[Run]] = {}
    for name, share in shares(count, plans).items():
        world.log(f"{name}: {share} tasks of each kind")
        groups = [_kill_some(world, name, size) for size in _groups(share, name)]
        runs[name] = [run for group in groups for run in group]
    began = time.monotonic()
    if runs.get("dead triggerer"):
        world.processes.restart("triggerer")
    _await_bound(world, runs, began, whole_bound)
    return _tally(world, runs)


def _groups(share: int, plan: str) -> list[int]:
    """Split the runs by slots, since tasks that wait occupy a slot for an hour."""
    size = share if MODES_OF.get(plan) == ("deferred",) else AT_ONCE
    return [min(size, share - begun) for begun in range(0, share, max(size, 1))]


def _kill_some(world: World, plan: str, count: int) -> list[Run]:
    end, do = PLANS[plan]
    runs = world.start(end, count, SECONDS, MODES_OF.get(plan, ("deferred", "waiting")))
    world.until_jobs_run(runs)
    world.until_deferred(runs)
    if plan == "dead triggerer":
        world.processes.parts["triggerer"].kill()
    for run in runs:
        do(world, run)
    return runs


def _await_bound(world: World, runs: dict[str, list[Run]], began: float, whole_bound: bool) -> None:
    while (passed := time.monotonic() - began) < BOUND:
        left = {kind: orphans(world, _of(runs, kind)) for kind in world.kinds}
        counts = ", ".join(f"{kind} {len(names)}" for kind, names in left.items())
        world.log(f"orphaned jobs {passed:.0f} s after the last kill: {counts}")
        if not whole_bound and not left["ours"]:
            return
        time.sleep(10)


def _of(runs: dict[str, list[Run]], kind: str) -> list[Run]:
    return [run for group in runs.values() for run in group if run.kind == kind]


def _tally(world: World, runs: dict[str, list[Run]]) -> dict[str, dict[str, int]]:
    """Count kills and orphans, without tasks that ended before they had a job."""
    tally, jobs = {}, world.jobs()
    for kind in world.kinds:
        mine = [run for run in _of(runs, kind) if run.name in jobs]
        left = orphans(world, mine)
        tally[kind] = {"kills": len(mine), "orphans": len(left)}
        names = {name: sum(run in left for run in group) for name, group in runs.items()}
        details = ", ".join(f"{name} {number}" for name, number in names.items() if number)
        world.log(f"{kind}: {len(left)} of {len(mine)} still run ({details or 'none'})")
    return tally


def orphans(world: World, runs: list[Run]) -> list[Run]:
    """Return the runs with a job whose task has ended, or which a newer job replaced."""
    jobs = world.jobs()
    left = []
    for run in runs:
        running = [job for job in jobs.get(run.name, []) if job.runs]
        if len(running) > 1 or (running and world.has_ended(run)):
            left.append(run)
    return left


def stop_all(world: World) -> None:
    """Stop the orphans of the stock operators, which would slow down what follows."""
    sagemaker = world.client("sagemaker")
    for jobs in world.jobs().values():
        for job in jobs:
            if job.status == "InProgress":
                with suppress(sagemaker.exceptions.ClientError):
                    sagemaker.stop_processing_job(ProcessingJobName=job.name)
