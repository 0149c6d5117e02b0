"""Wait for a SageMaker resource in the triggerer, without a worker slot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from prodml.aws.client import Aws
from prodml.jobs.examined import Examined
from prodml.jobs.examiner import Examiner
from prodml.jobs.jobs import Jobs
from prodml.jobs.log_follower import Follower
from prodml.jobs.polling import deadline
from prodml.jobs.task_state import state_of
from prodml.naming import Identity
from prodml.triggers.log_copy import LogCopy, log_copy
from prodml.triggers.subscription import NEWEST, Subscription
from prodml.triggers.watcher import Watcher
from prodml.vocabulary import ENDPOINT, KINDS, Json

OVERDUE = "Overdue"  # the status of an event at the deadline
DEFERRED = "deferred"
CHECK = 30.0  # seconds between two checks of the deadline if no description arrives
PROMPT = timedelta(minutes=1)  # the longest start of a trigger while its triggerer is up
PATIENCE = 300.0  # seconds past the deadline to wait if AWS cannot be reached


class SageMakerTrigger(BaseTrigger):
    """
    Fire when a job or an endpoint has reached a final status, or at a deadline.

    :param noun: The kind of resource: ``TrainingJob``, ``ProcessingJob``, ``TransformJob``,
        ``HyperParameterTuningJob``, ``AutoMLJob`` or ``Endpoint``.
    :param name: Its name.
    :param poll_interval: Seconds between two polls in the first minute; later polls are rarer.
    :param aws: The connection, from :meth:`prodml.aws.client.Aws.arguments`.
    :param group: A name shared by jobs of about the same duration.
    :param created: The creation time of the job, in ISO 8601.
    :param until: The time to fire with the status ``Overdue``, in ISO 8601.
    :param follow: Copy the job's log lines into the task's log while it is one of the newest 20.
    :param deferred: The time at which the task was deferred, in ISO 8601.
    :param resume: Arguments of the resumed task, which the event carries: ``dag.test()`` drops
        those that a task defers with.
    :param examined: The rules that watch the job, as :class:`Examined` has them as JSON.
    """

    def __init__(
        self,
        noun: str,
        name: str,
        poll_interval: float,
        aws: Json,
        group: str = "",
        created: str | None = None,
        until: str | None = None,
        follow: bool = False,
        deferred: str | None = None,
        resume: Json | None = None,
        examined: Json | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.noun = noun
        self.name = name
        self.poll_interval = poll_interval
        self.aws = aws
        self.group = group
        self.created = created
        self.until = until
        self.follow = follow
        self.deferred = deferred
        self.resume = resume
        self.examined = examined
        self._jobs = Jobs(Aws(**aws), KINDS[noun])

    @classmethod
    def watching(
        cls,
        jobs: Jobs,
        name: str,
        description: Json,
        until: datetime | None,
        examined: Examined | None = None,
        **arguments: Any,
    ) -> SageMakerTrigger:
        """Return a trigger for a described job; *until* is the task's own limit."""
        now = datetime.now(UTC)
        created = description.get("CreationTime") or now
        latest = deadline(description)
        latest = min(latest, until) if until else latest
        return cls(
            jobs.kind.noun,
            name,
            aws=jobs.aws.arguments(),
            created=created.isoformat(),
            until=latest.isoformat(),
            deferred=now.isoformat(),
            examined=examined.as_json() if examined else None,
            **arguments,
        )

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "prodml.triggers.job.SageMakerTrigger", {
            "noun": self.noun,
            "name": self.name,
            "poll_interval": self.poll_interval,
            "aws": self.aws,
            "group": self.group,
            "created": self.created,
            "until": self.until,
            "follow": self.follow,
            "deferred": self.deferred,
            "resume": self.resume,
            "examined": self.examined,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        created = datetime.fromisoformat(self.created) if self.created else None
        subscription = Subscription(self.name, self.poll_interval, self.group, created, self.follow)
        watcher = Watcher.of(self._jobs)
        self._jobs = watcher.jobs
        watcher.subscribe(subscription)
        is_followed = lambda: subscription in NEWEST  # noqa: E731
        since = created or datetime.now(UTC)
        copy = log_copy(self._follower(), is_followed, watcher.feed, since)
        try:
            status = await self._status(subscription, copy)
        finally:
            watcher.unsubscribe(subscription)
            copy.close()
        resume = {"resume": self.resume} if self.resume else {}
        yield _event({"name": self.name, "status": status} | resume)

    def _follower(self) -> Follower:
        arguments: Json = {"since": self._since()}
        if self.examined is None:
            return Follower(self._jobs, self.name, self.log, **arguments)
        examined = Examined.from_json(self.examined)
        arguments |= {"examined": examined, "poll_interval": self.poll_interval}
        return Examiner(self._jobs, self.name, self.log, **arguments)

    async def _status(self, subscription: Subscription, copy: LogCopy) -> str:
        """Wait for the final status, and return it."""
        while True:
            seen = await self._next(subscription)
            if self._jobs.settled(seen):
                await copy.finish()
                return self._jobs.status(seen)
            if self._is_overdue(seen):
                return OVERDUE
            copy.follower.log_status(seen)
            await copy.update()

    async def _next(self, subscription: Subscription) -> Json:
        """Return the watcher's next description; past the deadline, describe the job directly."""
        while True:
            try:
                seen = await asyncio.wait_for(subscription.seen.get(), CHECK)
            except TimeoutError:
                if not self._is_late():
                    continue
                seen = await asyncio.to_thread(self._jobs.poll, self.name)
            if isinstance(seen, Exception):
                raise seen
            return seen

    def _since(self) -> datetime | None:
        """Return the time from which to copy the log: None, or now after a restart."""
        now = datetime.now(UTC)
        if not self.deferred or now - datetime.fromisoformat(self.deferred) < PROMPT:
            return None
        if self.follow:
            self.log.info("A triggerer has (re)started; copying the job's log from now on")
        return now

    def _is_late(self, by: float = 0.0) -> bool:
        if self.until is None:
            return False
        return datetime.now(UTC) > datetime.fromisoformat(self.until) + timedelta(seconds=by)

    def _is_overdue(self, seen: Json) -> bool:
        """Return whether a running job is late, with a margin if AWS cannot be reached."""
        return self._is_late(0.0 if "CreationTime" in seen else PATIENCE)

    async def on_kill(self) -> None:
        """Stop the job of a deferred task that was cleared or marked.

        Airflow also calls this when another triggerer took over the trigger of one that seemed
        dead; then the task is still deferred, and the job continues. Airflow cancels this call
        again every second, hence the shield.
        """
        if self._jobs.kind is not ENDPOINT:
            await asyncio.shield(asyncio.to_thread(self._stop_if_given_up))

    def _stop_if_given_up(self) -> None:
        if self._is_given_up():
            self._jobs.stop(self.name, "kill")

    def _is_given_up(self) -> bool:
        """Return whether the task no longer waits; False if Airflow cannot be asked."""
        if (ti := self.task_instance) is None:
            return False
        index = -1 if ti.map_index is None else ti.map_index
        try:
            return state_of(Identity("", ti.dag_id, ti.run_id, ti.task_id, index)) != DEFERRED
        except Exception as error:  # noqa: BLE001 -- reconcile_jobs decides later
            self.log.warning("Cannot read the state of the task that waits for this job: %s", error)
            return False


def _event(payload: Json) -> TriggerEvent:
    return TriggerEvent(payload)  # type: ignore[no-untyped-call]
