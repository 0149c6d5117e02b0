"""Define the states of one task's attempt at a job, from its request to its result.

Two files show the attempt: first this one, then `prodml.operators.job`, which does what each state
asks for (call AWS, wait, defer) and passes what it observed to a transition, a method of the state.
Nothing here calls AWS or Airflow.

    Requested -> Submitting -> Running -> Finished or Failed
    Submitting or Running -> Superseded (the job does not count) -> Submitting or Requested
    Submitting or Running -> NoRoom -> WaitingForRoom -> Requested, or the end

No state is stored: the names of the jobs in SageMaker hold it, so that a task that was killed,
retried or lost with its worker finds its job again. A deferred task keeps the number of its waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from prodml.aws.failure_causes import ELSEWHERE, PASSING, Cause
from prodml.naming import ATTEMPTS, Identity, job_name
from prodml.vocabulary import JOB_ENDS, JobStatus, Json, Kind


@dataclass(frozen=True)
class Request:
    """The create request of a task, with the names and the instance types to try in order.

    :param digest: The request's hash; the job's name has a part of it, its tags all of it.
    :param members: The request without the job's name.
    :param further_types: Instance types to try after the request's own.
    """

    kind: Kind
    identity: Identity
    digest: str
    members: Json
    further_types: Sequence[str] = ()

    def name(self, number: int) -> str:
        return job_name(self.identity, self.digest, number, self.kind.name_limit)

    @property
    def instance_types(self) -> list[str | None]:
        """Return the types in order of preference; None leaves the request unchanged."""
        wished = self.kind.resources(self.members).get("InstanceType")
        return [wished, *self.further_types] if wished else [None]

    def on(self, instance_type: str | None) -> Json:
        """Return the members of a request that runs on *instance_type*."""
        return self.kind.on_instance_type(self.members, instance_type)

    def type_after(self, former: Job) -> int:
        """Return the index of the type to try after *former*: 0 unless it lacked capacity."""
        types = self.instance_types
        used = self.kind.resources(former.description).get("InstanceType")
        if former.cause in ELSEWHERE and used in types:
            return (types.index(used) + 1) % len(types)
        return 0


@dataclass(frozen=True)
class Job:
    """A job as AWS describes it."""

    kind: Kind
    name: str
    description: Json
    status: str
    cause: Cause | None = None

    @property
    def words(self) -> str:
        return f"{self.kind.words} {self.name}"

    @property
    def reason(self) -> str:
        """Return why it failed or was stopped, in the words of AWS."""
        why = self.description.get("FailureReason") or self.kind.progress(self.description)
        return str(why or self.status)


@dataclass(frozen=True)
class Patience:
    """The limits of waiting for capacity: a number of waits, and the end of the task's time."""

    waits: int
    until: datetime | None = None

    def allows(self, waits: int, seconds: float, now: datetime) -> bool:
        """Return whether a task that has waited *waits* times may wait for *seconds* more."""
        in_time = self.until is None or now + timedelta(seconds=seconds) <= self.until
        return waits < self.waits and in_time


@dataclass(frozen=True)
class Requested:
    """Nothing is submitted; *waits* counts the waits for capacity before."""

    waits: int = 0

    @property
    def may_reuse(self) -> bool:
        """Return whether a completed job of another run may be the result."""
        return self.waits == 0

    def reused(self, job: Job) -> Finished:
        return Finished(job)

    def prepared(self) -> Submitting:
        return Submitting(self.waits)


@dataclass(frozen=True)
class Submitting:
    """The name with *number* is to be created, first on the instance type at *choice*."""

    waits: int = 0
    number: int = 1
    choice: int = 0

    def created(self, name: str) -> Running:
        return Running(name, self.waits)

    @property
    def is_last(self) -> bool:
        """Return whether no further number is left."""
        return self.number == ATTEMPTS

    def taken(self, request: Request, job: Job, counts: bool) -> Running | Superseded:
        """Adopt the *job* that has the name, or follow it with the next number.

        It belongs to an earlier try of the task, or an earlier wait for capacity.

        :param counts: Whether the end of a job that has ended counts: the outputs of a completed
            one still exist, or a rule stopped it.
        """
        if job.status not in JOB_ENDS or counts:
            return Running(job.name, self.waits)
        then = Submitting(self.waits, self.number + 1, request.type_after(job))
        return Superseded(f"{job.words} is {job.status}", then)

    def exhausted(self, error: Exception) -> Unsubmitted:
        return Unsubmitted(error)

    def without_room(self, error: Exception) -> NoRoom:
        """Wait, since no instance type is available for the request."""
        return NoRoom(self.waits, str(error), Unsubmitted(error))


@dataclass(frozen=True)
class Superseded:
    """A job does not count, for the *reason*."""

    reason: str
    then: Requested | Submitting


@dataclass(frozen=True)
class Running:
    """The job *name* exists and is waited for."""

    name: str
    waits: int = 0

    def ended(self, job: Job, is_stopped_by_us: bool) -> Superseded | NoRoom | Finished | Failed:
        """Decide what the end of the job means.

        :param is_stopped_by_us: Whether ProdML stopped it, with an earlier try of the task.
        """
        if is_stopped_by_us:
            then = Requested(max(self.waits, 1))
            return Superseded(f"{job.words} was stopped with an earlier try", then)
        if job.cause in PASSING:
            return NoRoom(self.waits, job.reason, Failed(job), job)
        return Finished(job) if job.status == JobStatus.COMPLETED else Failed(job)


@dataclass(frozen=True)
class NoRoom:
    """AWS had no capacity, or met an internal error; *otherwise* is the end without a wait.

    :param former: The job that got no capacity; None if it could not be created.
    """

    waits: int
    reason: str
    otherwise: Failed | Unsubmitted
    former: Job | None = None

    def next(
        self, request: Request, patience: Patience, pause: float, now: datetime
    ) -> WaitingForRoom | Failed | Unsubmitted:
        """Wait for *pause* seconds, or not at all if another instance type is left to try."""
        seconds = 0.0 if self.former and request.type_after(self.former) else pause
        if not patience.allows(self.waits, seconds, now):
            return self.otherwise
        return WaitingForRoom(seconds, self.reason, Requested(self.waits + (seconds > 0)))


@dataclass(frozen=True)
class WaitingForRoom:
    """A pause of *seconds*, before the request is made again."""

    seconds: float
    reason: str
    then: Requested


@dataclass(frozen=True)
class Finished:
    """The job completed."""

    job: Job


@dataclass(frozen=True)
class Failed:
    """The job failed, or a user stopped it."""

    job: Job


@dataclass(frozen=True)
class Unsubmitted:
    """No job could be submitted."""

    error: Exception


State = (
    Requested
    | Submitting
    | Superseded
    | Running
    | NoRoom
    | WaitingForRoom
    | Finished
    | Failed
    | Unsubmitted
)
