"""Crashes, clears, lost answers and outages while jobs run: does anybody pay twice?"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial

from chaos.world import Job, Run, World, shares

SECONDS = 10.0  # that each job takes
WORKERS = ("LocalExecutor", "ForkPoolWorker")  # what their processes call themselves
THROTTLED = ("CreateProcessingJob", "DescribeProcessingJob", "ListProcessingJobs", "ListTags")


def kill_tasks(world: World, runs: list[Run]) -> None:
    """Each task's process at a random moment, every second one together with its worker."""
    _together([_killer(world, run, with_worker=i % 4 > 1) for i, run in enumerate(runs)])


def lose_answers(world: World, runs: list[Run]) -> None:
    """Most creates are done, and their answers lost."""
    world.faults.operation("CreateProcessingJob", "InternalFailure", when="after", probability=0.7)


def throttle(world: World, runs: list[Run]) -> None:
    for operation in THROTTLED:
        world.faults.operation(operation, "ThrottlingException", probability=0.3)


def clear_twice(world: World, runs: list[Run]) -> None:
    """Two clicks at once, half of them while the job runs and half after it has completed."""
    world.until_jobs_run(runs)
    half = len(runs) // 2
    for chosen in (runs[:half], runs[half:]):
        _together([partial(world.airflow.clear, run) for run in chosen for _ in range(2)])
        world.finish(runs)


def kill_a_scheduler(world: World, runs: list[Run]) -> None:
    """With its workers and their tasks, as a machine goes; a second one, if any, goes on."""
    _after_some_jobs(world, runs)
    world.processes.restart(*world.processes.called("scheduler-1", "worker-1"))


def kill_the_triggerer(world: World, runs: list[Run]) -> None:
    world.until_jobs_run(runs)
    world.processes.restart("triggerer")


def kill_aws(world: World, runs: list[Run]) -> None:
    """It forgets nothing; the jobs that ran are taken up again, or fail with a reason."""
    _after_some_jobs(world, runs)
    world.processes.parts["aws"].kill()
    time.sleep(5)
    world.processes.restart("aws")


def cut_the_power(world: World, runs: list[Run]) -> None:
    """All but one scheduler, the API and the database; on a busy day, so AWS throttles after it."""
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
BEFORE = {lose_answers, throttle}  # plans that are laid before the runs start


def crash(world: World, count: int, plans: Iterable[str] = PLANS) -> dict[str, dict[str, int]]:
    """*count* crashes of each kind; ``{"crashes", "duplicates", "unfinished"}`` by kind."""
    tally = {
        kind: dict.fromkeys(("crashes", "duplicates", "unfinished"), 0) for kind in world.kinds
    }
    for name, share in shares(count, plans).items():
        if share:
            world.tell(f"{name}: {share} tasks of each kind")
            _round(world, PLANS[name], share, tally)
            world.tell(f"{name}: {_said(tally)}")
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
    found = world.jobs()
    for run in runs:
        tally[run.kind]["crashes"] += 1
        tally[run.kind]["duplicates"] += duplicates(found.get(run.name, []))
        tally[run.kind]["unfinished"] += run in failed


def duplicates(jobs: list[Job]) -> int:
    """Jobs of one task that began while another one ran, or after one had completed."""
    return sum(
        any(
            earlier.status == "Completed" or earlier.ended is None or earlier.ended > job.created
            for earlier in jobs[:number]
        )
        for number, job in enumerate(jobs)
    )


def _said(tally: dict[str, dict[str, int]]) -> str:
    each = (f"{kind} {t['duplicates']} duplicates of {t['crashes']}" for kind, t in tally.items())
    return ", ".join(each)


def _killer(world: World, run: Run, with_worker: bool) -> Callable[[], None]:
    def kill() -> None:
        pid = world.pid(run)
        time.sleep(random.uniform(0.0, 4.0))
        try:
            # A worker is its task's parent; both are of this run alone.
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
    """Some tasks wait for their jobs, some have not been started."""
    world.until_jobs_run(runs[: max(1, len(runs) // 2)])


def _together(calls: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call, daemon=True) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
