"""The supervisor of jobs: one asyncio task for each, from Create to its last status."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from ...containers.container import Container
from ...core.untrusted_files import remove_tree
from .failures import NOUNS, failed

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
STOP_PATIENCE = 120  # seconds between SIGTERM and SIGKILL, as on AWS
LEAST_PATIENCE = 5.0  # however far time is compressed: saving a model is work, and takes its time
INTERRUPTED = "InternalServerError: The embedded AWS was restarted while the job ran."


Work = Callable[["Job"], Awaitable[None]]
RESUMABLE: dict[str, Work] = {}


def resumable(kind: str, work: Work) -> None:
    """Jobs of *kind* go on after a restart: all that *work* needs is in the store."""
    RESUMABLE[kind] = work


class JobFailed(Exception):
    """Raised inside a job when it cannot go on; the text becomes its FailureReason."""


class JobInterrupted(JobFailed):
    """Raised inside a job that lost its instances: a spot job begins again, others fail."""


class JobStopped(Exception):
    """Raised inside a job when somebody asked it to stop before its container had started."""


# What may be asked for while a container runs.
FAULTS: dict[str, type[JobFailed]] = {"fail": JobFailed, "interrupt": JobInterrupted}


class Job:
    """A running job: where it works, what it prints, and how it is stopped."""

    def __init__(self, aws: Aws, kind: str, name: str) -> None:
        self.aws = aws
        self.kind = kind
        self.name = name
        self.directory = aws.directory / "jobs" / kind / name
        self.stopping: str | None = None  # why, once somebody asked
        self._containers: list[Container] = []

    @property
    def doc(self) -> dict[str, Any]:
        return self.aws.store.get(self.kind, self.name) or {}

    def update(self, **members: Any) -> None:
        self.aws.store.update(self.kind, self.name, **members)

    def reach(self, isolated: bool) -> dict[str, str]:
        """The AWS of its containers; an isolated one has no credentials, and none to reach."""
        region = {"AWS_REGION": self.aws.region, "AWS_DEFAULT_REGION": self.aws.region}
        if isolated:
            return region
        keys = {"AWS_ACCESS_KEY_ID": self.aws.account, "AWS_SECRET_ACCESS_KEY": "job"}
        return region | keys | {"AWS_ENDPOINT_URL": self.aws.options.url}

    async def start_all(self, starts: Iterable[Awaitable[Container]]) -> list[Container]:
        """Await *starts* one after the other; where one fails, end those that have started."""
        started: list[Container] = []
        try:
            for start in starts:
                started.append(await start)
        except BaseException:
            for container in started:
                container.kill()
                await container.wait()
            raise
        return started

    async def run(self, containers: list[Container], limit: float | None = None) -> int:
        """Wait for *containers*, at most *limit* seconds; a stop in the meantime reaches them.

        The exit code of the first that fails, which ends the others too; 0 when all end well.
        """
        self._containers = containers
        waiting = asyncio.create_task(_ended(containers))
        if self.stopping:
            await self._end()
        done = await self._first(waiting, limit)
        if not done:
            self.stopping = "MaxRuntimeExceeded"
            await self._end()
        return await waiting

    async def _first(self, waiting: asyncio.Task[int], limit: float | None) -> bool:
        """Wait for the containers or the limit; a fault that was asked for ends them first."""
        wait = self.aws.faults.wait
        faults: dict[asyncio.Task[Any], type[JobFailed]] = {
            asyncio.create_task(wait(self.kind, self.name, event)): error
            for event, error in FAULTS.items()
        }
        tasks: set[asyncio.Task[Any]] = {waiting, *faults}
        done, _ = await asyncio.wait(tasks, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        for task in faults:
            task.cancel()
        for task, error in faults.items():
            if task in done:
                self.kill()
                await waiting
                raise error(task.result())
        return bool(done)

    def kill(self) -> None:
        for container in self._containers:
            container.kill()

    async def stop(self, reason: str = "Stopped") -> None:
        self.stopping = self.stopping or reason
        await self._end()

    def check_stopped(self) -> None:
        """Between two phases: do not begin the next one for a job that should stop or fail."""
        if self.stopping:
            raise JobStopped(self.stopping)
        events: dict[str, type[JobFailed]] = {"capacity": JobFailed, **FAULTS}
        for event, error in events.items():
            if fault := self.aws.faults.take(self.kind, self.name, event):
                raise error(fault)

    async def _end(self) -> None:
        patience = max(LEAST_PATIENCE, self.aws.clock.real(STOP_PATIENCE))
        await asyncio.gather(*(container.stop(patience) for container in self._containers))


async def _ended(containers: list[Container]) -> int:
    pending = {asyncio.create_task(container.wait()) for container in containers}
    code = 0
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        code = code or next(filter(None, (task.result() for task in done)), 0)
        if code:
            for container in containers:
                container.kill()
    return code


class JobRunner:
    """Starts, stops and, after a restart, accounts for jobs."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._jobs: dict[tuple[str, str], Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Take up what a crash cut off, or fail it with the reason: its processes are gone."""
        remove_tree(self._aws.directory / "jobs")
        for kind, noun in NOUNS.items():
            for doc in self._aws.store.list(kind):
                if doc[f"{noun}Status"] in ("InProgress", "Stopping"):
                    self._recover(kind, noun, doc)

    def _recover(self, kind: str, noun: str, doc: dict[str, Any]) -> None:
        name = doc[f"{noun}Name"]
        if kind not in RESUMABLE:
            changes = failed(kind, doc, INTERRUPTED, self._aws.clock.now())
            self._aws.store.update(kind, name, **changes)
            return
        job = self.submit(kind, name, RESUMABLE[kind])
        if doc[f"{noun}Status"] == "Stopping":
            job.stopping = "Stopped"

    async def stop(self) -> None:
        """The server ends: so does everything that runs for it, at once."""
        for job in list(self._jobs.values()):
            job.kill()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def submit(self, kind: str, name: str, work: Work) -> Job:
        """Run *work* for the job; its folder is removed when it has ended."""
        job = self._jobs[kind, name] = Job(self._aws, kind, name)
        task = asyncio.get_running_loop().create_task(self._supervise(job, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return job

    async def _supervise(self, job: Job, work: Work) -> None:
        try:
            job.directory.mkdir(parents=True, exist_ok=True)
            await work(job)
        except Exception:
            log.exception("%s %s failed inside the embedded AWS", job.kind, job.name)
            reason = "InternalServerError: We encountered an internal error. Please try again."
            job.update(**failed(job.kind, job.doc, reason, self._aws.clock.now()))
        finally:
            del self._jobs[job.kind, job.name]
            await asyncio.to_thread(remove_tree, job.directory)

    async def request_stop(self, kind: str, name: str) -> None:
        """Ask a running job to stop; returns at once, as StopTrainingJob does."""
        if job := self._jobs.get((kind, name)):
            task = asyncio.get_running_loop().create_task(job.stop())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
