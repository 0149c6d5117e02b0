"""Crashes, clears, lost responses and outages while jobs run: count duplicate jobs."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial

from chaos.users import Run
from chaos.world import Job, World, shares

SECONDS = 10.0  # of each job
# In the names of their processes; a worker of Celery that runs a task is its supervisor.
WORKERS = ("LocalExecutor", "ForkPoolWorker", "airflow supervisor")
THROTTLED = ("CreateProcessingJob", "DescribeProcessingJob", "ListProcessingJobs", "ListTags")


def kill_tasks(world: World, runs: list[Run]) -> None:
    """Kill each task's process at a random time, every second one with its worker."""
    _together([_killer(world, run, with_worker=i % 4 > 1) for i, run in enumerate(runs)])


def lose_answers(world: World, runs: list[Run]) -> None:
    """Execute most Create requests, and lose their responses."""
    world.faults.operation("CreateProcessingJob", "InternalFailure", when="after", probability=0.7)


def throttle(world: World, runs: list[Run]) -> None:
    for operation in THROTTLED:
        world.faults.operation(operation, "ThrottlingException", probability=0.3)


def clear_twice(world: World, runs: list[Run]) -> None:
    """Clear each task twice at once, half of them during the job, half after it."""
    world.until_jobs_run(runs)
    half = len(runs) // 2
    for chosen in (runs[:half], runs[half:]):
        _together([partial(world.airflow.clear, run) for run in chosen for _ in range(2)])
        world.finish(runs)


def kill_a_scheduler(world: World, runs: list[Run]) -> None:
    """Kill a scheduler with its workers and tasks; a second one, if any, continues."""
    _after_some_jobs(world, runs)
    world.processes.restart(*world.processes.called("scheduler-1", "worker-1"))


def kill_the_triggerer(world: World, runs: list[Run]) -> None:
    world.until_jobs_run(runs)
    world.processes.restart("triggerer")


def kill_aws(world: World, runs: list[Run]) -> None:
    """Kill the embedded AWS; it resumes the jobs that ran, or fails them with a reason."""
    _after_some_jobs(world, runs)
    world.processes.parts["aws"].kill()
    time.sleep(5)
    world.processes.restart("aws")


def cut_the_power(world: World, runs: list[Run]) -> None:
    """Kill all but one scheduler, the API and the database, with throttling afterwards."""
    world.until_jobs_run(runs)
    world.until_deferred(runs)
    world.processes.restart(*world.processes.called("aws", "triggerer", "scheduler-1", "worker"))
    throttle(world, runs)


PLANS: dict[str, Callable[[World, list[Run]], None]] = {
    "killed tasks and workers": kill_tasks,
    "lost answers": lose_answers,
    "30 % throttled": throttle,
    "cleared twice": clear_twice,
    "killed scheduler": kill_a_scheduler,
    "killed triggerer": kill_the_triggerer,
    "killed AWS": kill_aws,
    "power cut": cut_the_power,
}
BEFORE = {lose_answers, throttle}  # plans that begin before the runs start


def crash(world: World, count: int, plans: Iterable[str] = PLANS) -> dict[str, dict[str, int]]:
    """Run *count* crashes of each kind; return ``{"crashes", "duplicates", "unfinished"}``."""
    tally = {
        kind: dict.fromkeys(("crashes", "duplicates", "unfinished"), 0) for kind in world.kinds
    }
    for name, share in shares(count, plans).items():
        if share:
            world.log(f"{name}: {share} tasks of each kind")
            _round(world, PLANS[name], share, tally)
            world.log(f"{name}: {_summary(tally)}")
    return tally


def _round(
    world: World,
    plan: Callable[[World, list[Run]], None],
    count: int,
    tally: dict[str, dict[str, int]],
) -> None:
    if plan in BEFORE:
        plan(world, [])
    modes = ("deferred",) if plan is kill_the_triggerer else ("waiting", "deferred")
    runs = world.start("crash", count, SECONDS, modes)
    if plan not in BEFORE:
        plan(world, runs)
    failed = world.finish(runs)
    world.faults.clear()
    jobs = world.jobs()
    for run in runs:
        tally[run.kind]["crashes"] += 1
        tally[run.kind]["duplicates"] += duplicates(jobs.get(run.name, []))
        tally[run.kind]["unfinished"] += run in failed


def duplicates(jobs: list[Job]) -> int:
    """Count the jobs of one task that began while another ran, or after one had completed."""
    return sum(
        any(
            earlier.status == "Completed" or earlier.ended is None or earlier.ended > job.created
            for earlier in jobs[:number]
        )
        for number, job in enumerate(jobs)
    )


def _summary(tally: dict[str, dict[str, int]]) -> str:
    each = (f"{kind} {t['duplicates']} duplicates of {t['crashes']}" for kind, t in tally.items())
    return ", ".join(each)


def _killer(world: World, run: Run, with_worker: bool) -> Callable[[], None]:
    def kill() -> None:
        pid = world.pid(run)
        time.sleep(random.uniform(0.0, 4.0))
        try:
            # A worker is the parent of its task; both belong to this run.
            worker = _parent(pid)
            os.kill(pid, signal.SIGKILL)
            if with_worker and worker:
                os.kill(worker, signal.SIGKILL)
        except ProcessLookupError:
            return

    return kill


def _parent(pid: int) -> int | None:
    import psutil

    parent = psutil.Process(pid).parent() if psutil.pid_exists(pid) else None
    title = " ".join(parent.cmdline()) if parent else ""
    return parent.pid if parent and any(name in title for name in WORKERS) else None


def _after_some_jobs(world: World, runs: list[Run]) -> None:
    """Wait until some tasks wait for their jobs and some have not started."""
    world.until_jobs_run(runs[: max(1, len(runs) // 2)])


def _together(calls: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
