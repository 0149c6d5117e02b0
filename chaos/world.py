"""The world of the suite: start runs, read their jobs, wait for them."""

from __future__ import annotations

import shutil
import tempfile
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any

import boto3
import httpx
from prodml.vocabulary import Json

from chaos.distributed import Distributed
from chaos.launching import Launch, launched
from chaos.processes import DAGS, Processes
from chaos.users import Run, UserActions
from include.demo.airflow_api import FINISHED
from include.local_aws.testing import REGION, Faults

KINDS = ("ours", "stock")
MODES = ("waiting", "deferred")
SLOTS = 5  # task slots of each scheduler
ALIVE = frozenset({"running", "deferred", "queued", "scheduled", "up_for_retry", "None"})


@dataclass
class Job:
    """One processing job, with the times that show duplicates."""

    name: str
    status: str
    created: datetime
    ended: datetime | None

    @property
    def runs(self) -> bool:
        return self.status in ("InProgress", "Stopping")


@dataclass
class World:
    """The processes, and the state of the runs in them."""

    processes: Processes
    log: Callable[[str], None]
    kinds: tuple[str, ...] = KINDS
    _owners: dict[str, str] = field(default_factory=dict)
    _actions: UserActions | None = None

    @property
    def airflow(self) -> UserActions:
        if self._actions is None:
            self._actions = UserActions(self.processes.airflow_url)
        return self._actions

    @property
    def faults(self) -> Faults:
        return Faults(self.processes.aws_url)

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": "chaos", "aws_secret_access_key": "chaos"}
        url = self.processes.aws_url
        return boto3.client(service, endpoint_url=url, region_name=REGION, **keys)

    def start(
        self, end: str, count: int, seconds: float, modes: Iterable[str] = MODES
    ) -> list[Run]:
        """Start *count* runs of each kind, over *modes* in turn, with jobs of *seconds*."""
        return [
            self._start(kind, f"{end}_{kind}_{mode}", seconds)
            for mode, _ in zip(cycle(modes), range(count), strict=False)
            for kind in self.kinds
        ]

    def _start(self, kind: str, dag_id: str, seconds: float) -> Run:
        name = f"chaos-{uuid.uuid4().hex[:10]}"
        run_id = self.airflow.trigger(dag_id, {"name": name, "seconds": seconds})
        return Run(kind, dag_id, run_id, name)

    def pid(self, run: Run, within: float = 600.0) -> int:
        """Return the process id of the run's first attempt, once it has started."""
        path: Path = self.processes.pids / f"{run.name}.1"
        self.until(lambda: path.exists() and path.read_text(), within, f"{run.dag_id} to start")
        return int(path.read_text())

    def jobs(self) -> dict[str, list[Job]]:
        """Return all jobs by the name of their run, in the order of their creation."""
        by_owner: dict[str, list[Job]] = {}
        sagemaker = self.client("sagemaker")
        pages = sagemaker.get_paginator("list_processing_jobs").paginate(MaxResults=100)
        for summary in (job for page in pages for job in page["ProcessingJobSummaries"]):
            owner = self._owner(sagemaker, summary["ProcessingJobArn"])
            by_owner.setdefault(owner, []).append(_job(summary))
        return {
            owner: sorted(jobs, key=lambda job: job.created) for owner, jobs in by_owner.items()
        }

    def _owner(self, sagemaker: Any, arn: str) -> str:
        if arn not in self._owners:
            tags = sagemaker.list_tags(ResourceArn=arn)["Tags"]
            self._owners[arn] = {t["Key"]: t["Value"] for t in tags}.get("chaos-run", "")
        return self._owners[arn]

    def until_jobs_run(self, runs: list[Run], within: float = 600.0) -> None:
        def all_have_one() -> bool:
            jobs = self.jobs()
            return all(run.name in jobs or self.has_ended(run) for run in runs)

        self.until(all_have_one, within, "every run's job to start")

    def has_ended(self, run: Run) -> bool:
        """Return whether all tasks of the run have ended; a deleted run has ended too."""
        return not ALIVE.intersection(self.airflow.task_states(run))

    def until_deferred(self, runs: list[Run], within: float = 600.0) -> None:
        waiting = [run for run in runs if run.dag_id.endswith("deferred")]

        def all_wait() -> bool:
            return all("running" not in self.airflow.task_states(run) for run in waiting)

        self.until(all_wait, within, "the deferred tasks to defer")

    def finish(self, runs: list[Run], within: float = 1200.0) -> list[Run]:
        """Wait until the runs have ended; return those without success."""
        states: dict[str, str] = {}

        def all_ended() -> bool:
            for run in runs:
                if states.get(run.name) not in FINISHED:
                    states[run.name] = self.airflow.run(run.dag_id, run.run_id)["state"]
            return all(state in FINISHED for state in states.values())

        with suppress(TimeoutError):
            self.until(all_ended, within, "the runs to end", every=3.0)
        return [run for run in runs if states.get(run.name) != "success"]

    def until(
        self, condition: Callable[[], Any], within: float, what: str, every: float = 1.0
    ) -> None:
        """Check the condition *every* few seconds; raise TimeoutError after *within* seconds."""
        began = time.monotonic()
        while not _calm(condition):
            if time.monotonic() - began > within:
                raise TimeoutError(f"Waited {within:.0f} s for {what}.")
            time.sleep(every)


@contextmanager
def running_world(
    database: str,
    schedulers: int,
    kinds: tuple[str, ...] = KINDS,
    dags: dict[str, Path] = DAGS,
    awaited: Iterable[str] = ("crash_ours_waiting", "crash_ours_default", "reconcile_jobs"),
    broker: str | None = None,
    variables: dict[str, str] | None = None,
    only: tuple[str, ...] = (),
    launch: Launch = launched,
) -> Iterator[World]:
    """Run a new Airflow on *database* and a new AWS; keep the logs after a failure.

    With Redis as its *broker*, it is the Airflow of docker-compose.yaml, with Celery workers.

    :param variables: Of the environment of all processes.
    :param only: The names of the project's DAG files that it parses; all of them if empty.
    :param launch: Starts its processes.
    """
    folder = Path(tempfile.mkdtemp(prefix="prodml-chaos-"))
    began = time.monotonic()

    def log(line: str) -> None:
        minutes, seconds = divmod(round(time.monotonic() - began), 60)
        print(f"{minutes:3}:{seconds:02}  {line}", flush=True)

    log(f"{schedulers} schedulers and an embedded AWS are starting; logs: {folder}")
    kind = partial(Distributed, broker=broker) if broker else Processes
    more: dict[str, Any] = {"variables": variables or {}, "only": only, "launch": launch}
    made = kind(folder, database, schedulers, SLOTS, dags, **more)
    with made.started() as processes:
        world = World(processes, log, kinds)
        world.airflow.wait_for_dags(list(awaited), timeout=300)
        yield world
    shutil.rmtree(folder, ignore_errors=True)


def shares(count: int, plans: Iterable[str]) -> dict[str, int]:
    """Distribute *count* evenly over the plans."""
    names = list(plans)
    return {n: count // len(names) + (i < count % len(names)) for i, n in enumerate(names)}


def _calm(condition: Callable[[], Any]) -> bool:
    """Return the condition; False while Airflow does not respond."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return bool(condition())
    except (BotoCoreError, ClientError, httpx.HTTPError, RuntimeError):
        return False


def _job(summary: Json) -> Job:
    ended = summary.get("ProcessingEndTime")
    status = summary["ProcessingJobStatus"]
    if ended is None and status not in ("InProgress", "Stopping"):
        ended = summary.get("LastModifiedTime") or datetime.now(UTC)
    return Job(summary["ProcessingJobName"], status, summary["CreationTime"], ended)
