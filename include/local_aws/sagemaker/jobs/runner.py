"""The supervisor of jobs: one asyncio task for each, from Create to its final status."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from ...containers.container import Container
from ...core import role_actions
from ...core.supervision import Tasks
from ...core.untrusted_files import remove_tree
from ...wire.errors import INTERNAL
from .failures import NOUNS, failed

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
STOP_PATIENCE = 120  # seconds between SIGTERM and SIGKILL, as on AWS
PARTING = 2.0  # seconds in which the other instances of a failed one notice it
LEAST_PATIENCE = 5.0  # at any time scale: saving a model takes real time
INTERRUPTED = "InternalServerError: The embedded AWS was restarted while the job ran."


Work = Callable[["Job"], Awaitable[None]]
RESUMABLE: dict[str, Work] = {}


def resumable(kind: str, work: Work) -> None:
    """Resume jobs of *kind* after a restart: *work* reads all its state from the store."""
    RESUMABLE[kind] = work


class JobFailed(Exception):
    """Raised inside a job that fails; the message becomes its FailureReason."""


class JobInterrupted(JobFailed):
    """Raised inside a job that lost its instances: a spot job restarts, others fail."""


class JobStopped(Exception):
    """Raised inside a job that was stopped before its container had started."""


# Requests to a job while its container runs.
FAULTS: dict[str, type[JobFailed]] = {"fail": JobFailed, "interrupt": JobInterrupted}


class Job:
    """A running job: its folder, its log, and its stop request."""

    def __init__(self, aws: Aws, kind: str, name: str) -> None:
        self.aws = aws
        self.kind = kind
        self.name = name
        self.directory = aws.directory / "jobs" / kind / name
        self.role: str = self.doc.get("RoleArn", "")  # the execution role, by its ARN
        self.may_log = True
        self.may_publish = True
        self.stopping: str | None = None  # the reason, once a stop was requested
        self._containers: list[Container] = []

    @property
    def doc(self) -> dict[str, Any]:
        return self.aws.store.get(self.kind, self.name) or {}

    @property
    def s3(self) -> Any:
        """Return a client of S3 that acts as the execution role."""
        return self.aws.client("s3", self.role)

    def update(self, **members: Any) -> None:
        self.aws.store.update(self.kind, self.name, **members)

    def reach(self, isolated: bool) -> dict[str, str]:
        """Return the variables to reach AWS; an isolated container has no credentials."""
        region = {"AWS_REGION": self.aws.region, "AWS_DEFAULT_REGION": self.aws.region}
        if isolated:
            return region
        keys = self.aws.credentials.of_role(self.aws.account, self.role)
        return region | keys.environment() | {"AWS_ENDPOINT_URL": self.aws.options.url}

    async def prepare(self, image: str, group: str) -> None:
        """Ask what the role may do; raise JobFailed if not pull *image* or encrypt volumes."""
        aws, role, stream = self.aws, self.role, f"{self.name}/*"
        try:
            self.may_log = await role_actions.prepare(aws, role, image, group, stream)
            await role_actions.check_volumes(aws, role, volume_key(self.doc))
        except (role_actions.ImageDenied, role_actions.KeyDenied) as denied:
            raise JobFailed(str(denied)) from None
        self.may_publish = await role_actions.may_publish(aws, role)

    async def start_all(self, starts: Iterable[Awaitable[Container]]) -> list[Container]:
        """Await *starts* one after the other; if one fails, end those that have started."""
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
        """Wait for *containers*, at most *limit* seconds; forward a stop request to them.

        Return the exit code of the first that fails, which ends the others; 0 if all succeed.
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
        """Wait for the containers, the limit, or an injected fault, which ends them."""
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
        """Raise, between two phases, if the job is to stop or to fail."""
        if self.stopping:
            raise JobStopped(self.stopping)
        events: dict[str, type[JobFailed]] = {"capacity": JobFailed, **FAULTS}
        for event, error in events.items():
            if fault := self.aws.faults.take(self.kind, self.name, event):
                raise error(fault)

    async def _end(self) -> None:
        patience = max(LEAST_PATIENCE, self.aws.clock.real(STOP_PATIENCE))
        await asyncio.gather(*(container.stop(patience) for container in self._containers))


def volume_key(request: dict[str, Any]) -> str | None:
    """Return the KMS key of the volumes of a job's instances."""
    processing = request.get("ProcessingResources", {}).get("ClusterConfig", {})
    resources = request.get("ResourceConfig") or request.get("TransformResources") or processing
    key: str | None = resources.get("VolumeKmsKeyId")
    return key


async def _ended(containers: list[Container]) -> int:
    """Return the exit code of the first that fails; the others get a moment to say why they end."""
    pending = {asyncio.create_task(container.wait()) for container in containers}
    code = 0
    while pending and not code:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        code = next(filter(None, (task.result() for task in done)), 0)
    if pending:
        await asyncio.wait(pending, timeout=PARTING)
        for container in containers:
            container.kill()
        await asyncio.wait(pending)
    return code


class JobRunner:
    """Starts and stops jobs, and resumes or fails them after a restart."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._jobs: dict[tuple[str, str], Job] = {}
        self._tasks = Tasks("A task of a job")

    async def start(self) -> None:
        """Resume interrupted jobs, or fail them, since their processes are gone."""
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
        """End all jobs at once, as the server ends."""
        for job in list(self._jobs.values()):
            job.kill()
        await self._tasks.stop()

    def submit(self, kind: str, name: str, work: Work) -> Job:
        """Run *work* for the job, and remove its folder afterwards."""
        job = self._jobs[kind, name] = Job(self._aws, kind, name)
        self._tasks.begin(self._supervise(job, work))
        return job

    async def _supervise(self, job: Job, work: Work) -> None:
        try:
            job.directory.mkdir(parents=True, exist_ok=True)
            await work(job)
        except Exception:
            log.exception("%s %s failed inside the embedded AWS", job.kind, job.name)
            job.kill()
            job.update(**failed(job.kind, job.doc, INTERNAL, self._aws.clock.now()))
        finally:
            del self._jobs[job.kind, job.name]
            await asyncio.to_thread(remove_tree, job.directory)

    async def request_stop(self, kind: str, name: str) -> None:
        """Ask a running job to stop; return at once, as StopTrainingJob does."""
        if job := self._jobs.get((kind, name)):
            self._tasks.begin(job.stop())
