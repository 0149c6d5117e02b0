"""Mapped training jobs through a real scheduler: our operator and the stock provider's.

An Airflow on PostgreSQL, with one scheduler and a triggerer, and the embedded AWS. Each kind starts
BENCH_TRIALS jobs from one mapped task, deferred, as it is by default; then come BENCH_ALONE jobs of
each, one at a time on an idle Airflow, with the interval that each kind has by default, and with
the same one.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from prodml.vocabulary import Json

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.report import ROOT, report
from chaos.users import Run
from chaos.world import KINDS, World, running_world
from include.demo.postgres import running_postgres

RESULT = ROOT / "bench" / "results" / "mapped.json"
DAGS = {"mapped": ROOT / "bench" / "dags"}
TRIALS = int(os.environ.get("BENCH_TRIALS", "200"))
ALONE = int(os.environ.get("BENCH_ALONE", "5"))
INTERVALS = {"by_default": 30, "same_interval": 10}  # seconds between two polls of the slower kind
WITHIN = 3600.0  # seconds; twice what the stock operator waits before it gives up
LATE = "seconds_from_job_end_to_task_end"
SAMPLE = 0.5  # seconds between two polls of the triggerer's memory


@dataclass
class Meter:
    """Measures peak memory and CPU of a process and its children, and the load of the machine."""

    pid: int
    peak: int = 0
    loads: list[float] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def tree(self) -> list[psutil.Process]:
        parent = psutil.Process(self.pid)
        return [parent, *parent.children(recursive=True)]

    def cpu_seconds(self) -> float:
        times = [process.cpu_times() for process in self.tree()]
        return float(sum(t.user + t.system for t in times))

    def watch(self) -> None:
        while not self._ended.wait(SAMPLE):
            self.loads.append(os.getloadavg()[0])
            with contextlib.suppress(psutil.NoSuchProcess):
                self.peak = max(self.peak, sum(p.memory_info().rss for p in self.tree()))

    @contextlib.contextmanager
    def running(self, figures: Json) -> Iterator[None]:
        """Add the usage during the block to *figures*."""
        before = self.cpu_seconds()
        threading.Thread(target=self.watch, daemon=True).start()
        yield
        self._ended.set()
        figures["load_average"] = round(statistics.mean(self.loads), 1)
        figures["triggerer_cpu_seconds"] = round(self.cpu_seconds() - before, 1)
        figures["triggerer_peak_mb"] = self.peak >> 20


def lateness(tasks: Sequence[Json], jobs: Sequence[Json], first: int = 0) -> list[float]:
    """Return the seconds from the end of each successful task's job to the end of the task.

    *tasks* are Airflow's task instances, *jobs* descriptions of training jobs; a job's
    hyperparameter `trial` less *first* is its task's map index. Of several jobs of one task, the
    last that completed counts.
    """
    ended: dict[int, datetime] = {}
    for job in jobs:
        if job["TrainingJobStatus"] == "Completed":
            index = int(job["HyperParameters"]["trial"]) - first
            ended[index] = max(job["TrainingEndTime"], ended.get(index, job["TrainingEndTime"]))
    return [
        (datetime.fromisoformat(task["end_date"]) - ended[task["map_index"]]).total_seconds()
        for task in tasks
        if task["state"] == "success" and task["map_index"] in ended
    ]


def summary(late: Sequence[float]) -> Json:
    """Return median and 95th percentile in seconds; None without measurements."""
    if not late:
        return {"median": None, "p95": None}
    if len(late) == 1:
        return dict.fromkeys(("median", "p95"), round(late[0], 1))
    p95 = statistics.quantiles(late, n=20, method="inclusive")[18]
    return {"median": round(statistics.median(late), 1), "p95": round(p95, 1)}


class Bench:
    """The measurements in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.sagemaker = world.client("sagemaker")
        self.first = 0
        self.calls: dict[str, int] = {}

    def prepare(self) -> None:
        self.world.client("s3").create_bucket(Bucket="mapped")
        self.sagemaker.create_experiment(ExperimentName="mapped")

    def mapped(self, kind: str) -> Json:
        """Run all trials of one kind at once, in a new triggerer."""
        self.world.processes.restart("triggerer")
        dag_id = f"mapped_{kind}_by_default"
        self.run(dag_id, [1])
        triggerer = self.world.processes.parts["triggerer"].running
        assert triggerer
        figures: Json = {}
        self.count()
        began = time.monotonic()
        with Meter(triggerer.pid).running(figures):
            tasks, jobs, first = self.run(dag_id, [60 + n % 60 for n in range(TRIALS)])
        trained = [task for task in tasks if task["task_id"] == "train"]
        return {
            "succeeded": sum(task["state"] == "success" for task in trained),
            "jobs_started": len(jobs),
            "wall_seconds": round(time.monotonic() - began),
            **figures,
            "calls": self.calls,
            LATE: summary(lateness(trained, jobs, first)),
        }

    def alone(self, interval: str) -> Json:
        """Run one task at a time; the jobs' ends are spread over the second interval.

        For the first one the stock operator keeps its worker, and defers afterwards.
        """
        load = round(os.getloadavg()[0], 1)
        late: dict[str, list[float]] = {kind: [] for kind in KINDS}
        for number in range(ALONE):
            for kind in KINDS:
                seconds = 5 + INTERVALS[interval] * (ALONE + number) // ALONE
                tasks, jobs, first = self.run(f"mapped_{kind}_{interval}", [seconds])
                late[kind] += lateness(tasks, jobs, first)
        self.world.log(f"{interval}: {late}")
        return {"load_average": load} | {kind: summary(seconds) for kind, seconds in late.items()}

    def run(self, dag_id: str, seconds: list[int]) -> tuple[list[Json], list[Json], int]:
        """Run one job of each of *seconds*; return tasks, jobs and the first number."""
        first, self.first = self.first, self.first + len(seconds)
        began = datetime.now(UTC)
        self.world.log(f"{dag_id}: {len(seconds)} jobs")
        run_id = self.world.airflow.trigger(dag_id, {"seconds": seconds, "first": first})
        failed = self.world.finish([Run("", dag_id, run_id, dag_id)], WITHIN)
        self.calls = self.counted()
        self.world.log(f"{dag_id}: {'failed' if failed else 'succeeded'}")
        return self.world.airflow.tasks(dag_id, run_id), self.jobs(began), first

    def jobs(self, since: datetime) -> list[Json]:
        pages = self.sagemaker.get_paginator("list_training_jobs").paginate(CreationTimeAfter=since)
        names = [job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]]
        return [self.sagemaker.describe_training_job(TrainingJobName=name) for name in names]

    def count(self) -> None:
        """Start to count the calls, with faults that have no effect."""
        faults = self.world.faults
        faults.clear()
        for service in ("sagemaker", "logs"):
            for operation in self.world.client(service).meta.service_model.operation_names:
                faults.operation(operation, delay_ms=0.001)

    def counted(self) -> dict[str, int]:
        hits = {fault["operation"]: fault["hits"] for fault in self.world.faults.all()}
        return {operation: number for operation, number in sorted(hits.items()) if number}


def measured(_: Path) -> Json:
    figures: Json = {"cores": os.cpu_count(), "trials": TRIALS}
    awaited = [f"mapped_{kind}_{interval}" for kind in KINDS for interval in INTERVALS]
    with (
        running_postgres() as database,
        running_world(database, 1, dags=DAGS, awaited=awaited) as world,
    ):
        bench = Bench(world)
        bench.prepare()
        for kind in KINDS:
            figures[kind] = bench.mapped(kind)
            world.log(json.dumps(figures[kind]))
        world.faults.clear()
        if ALONE:
            figures[f"alone_{LATE}"] = {interval: bench.alone(interval) for interval in INTERVALS}
    return figures | {"claims": claims(figures["ours"], figures["stock"])}


def claims(ours: Json, stock: Json) -> dict[str, bool]:
    return {
        f"{TRIALS} mapped trials succeed with {TRIALS} jobs": (
            ours["jobs_started"] == ours["succeeded"] == TRIALS
        ),
        "a mapped task ends no later after its job than the stock operator's": (
            ours[LATE]["median"] <= stock[LATE]["median"]
        ),
    }


if __name__ == "__main__":
    report(measured, RESULT)
