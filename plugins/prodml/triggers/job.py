"""Wait for a SageMaker resource in the triggerer, without a worker slot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from prodml.aws.client import Aws
from prodml.jobs.jobs import Jobs
from prodml.jobs.log_follower import Follower
from prodml.jobs.polling import deadline
from prodml.jobs.task_state import state_of
from prodml.naming import Identity
from prodml.triggers.subscription import NEWEST, Subscription
from prodml.triggers.watcher import Watcher
from prodml.vocabulary import ENDPOINT, KINDS, Json

OVERDUE = "Overdue"  # the status of an event that fires because nothing else will
DEFERRED = "deferred"
CHECK = 30.0  # seconds after which the deadline is looked at though nothing was seen
PROMPT = timedelta(minutes=1)  # within which a trigger starts, when its triggerer is up
PATIENCE = 300.0  # seconds past the deadline for which AWS may be out of sight


class SageMakerTrigger(BaseTrigger):
    """
    Fires when a job or an endpoint has settled, however it ended.

    :param noun: What is waited for: ``TrainingJob``, ``ProcessingJob``, ``TransformJob``,
        ``HyperParameterTuningJob`` or ``Endpoint``.
    :param name: Its name.
    :param poll_interval: Seconds between two looks in the first minute; later looks are rarer.
    :param aws: The connection, as :meth:`prodml.aws.client.Aws.arguments` gives it.
    :param group: Whose jobs take about as long as this one.
    :param created: ISO 8601; when the job was created.
    :param until: ISO 8601; when to fire with the status ``Overdue``.
    :param follow: Copy the job's lines into the task's log while it is one of the newest 20.
    :param deferred: ISO 8601; when the task began to wait.
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
        self._jobs = Jobs(Aws(**aws), KINDS[noun])

    @classmethod
    def watching(
        cls, jobs: Jobs, name: str, description: Json, until: datetime | None, **arguments: Any
    ) -> SageMakerTrigger:
        """A trigger for a job as it was just described; *until* is the task's own limit."""
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
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        created = datetime.fromisoformat(self.created) if self.created else None
        subscription = Subscription(self.name, self.poll_interval, self.group, created, self.follow)
        watcher = Watcher.of(self._jobs)
        self._jobs = watcher.jobs
        watcher.subscribe(subscription)
        try:
            status = await self._status(subscription)
        finally:
            watcher.unsubscribe(subscription)
        yield _event({"name": self.name, "status": status})

    async def _status(self, subscription: Subscription) -> str:
        """The status that ends the wait."""
        follower = Follower(self._jobs, self.name, self.log, since=self._since())
        while True:
            seen = await self._look(subscription)
            if self._jobs.settled(seen):
                await self._copy(subscription, follower.rest)
                return self._jobs.status(seen)
            if self._is_overdue(seen):
                return OVERDUE
            follower.say(seen)
            await self._copy(subscription, follower.lines)

    async def _look(self, subscription: Subscription) -> Json:
        """What the watcher sees next; past the deadline, what is seen without it."""
        while True:
            try:
                seen = await asyncio.wait_for(subscription.seen.get(), CHECK)
            except TimeoutError:
                if not self._is_late():
                    continue
                seen = await asyncio.to_thread(self._jobs.look, self.name)
            if isinstance(seen, Exception):
                raise seen
            return seen

    async def _copy(self, subscription: Subscription, read: Callable[[], list[str]]) -> None:
        if subscription in NEWEST:
            for line in await asyncio.to_thread(read):
                self.log.info("%s", line)

    def _since(self) -> datetime | None:
        """Where the log is followed from: its beginning, unless another triggerer began there."""
        now = datetime.now(UTC)
        if not self.deferred or now - datetime.fromisoformat(self.deferred) < PROMPT:
            return None
        if self.follow:
            self.log.info("A triggerer has (re)started: the job's log is copied from now on")
        return now

    def _is_late(self, by: float = 0.0) -> bool:
        if self.until is None:
            return False
        return datetime.now(UTC) > datetime.fromisoformat(self.until) + timedelta(seconds=by)

    def _is_overdue(self, seen: Json) -> bool:
        """Whether the job, seen running, is late; one that cannot be seen has a while longer."""
        return self._is_late(0.0 if "CreationTime" in seen else PATIENCE)

    async def on_kill(self) -> None:
        """Somebody cleared or marked the deferred task: its job must not go on billing.

        Airflow also calls this when another triggerer has taken the trigger over, because this one
        was thought dead. The task is still deferred then, and its job goes on. Airflow cancels this
        call again every second, hence the shield.
        """
        if self._jobs.kind is not ENDPOINT:
            await asyncio.shield(asyncio.to_thread(self._stop_if_given_up))

    def _stop_if_given_up(self) -> None:
        if self._is_given_up():
            self._jobs.stop(self.name, "kill")

    def _is_given_up(self) -> bool:
        """Whether the task waits no more; where that cannot be asked, the sweep will find out."""
        if (ti := self.task_instance) is None:
            return False
        index = -1 if ti.map_index is None else ti.map_index
        try:
            return state_of(Identity("", ti.dag_id, ti.run_id, ti.task_id, index)) != DEFERRED
        except Exception as error:  # noqa: BLE001 -- whatever it is, the job's owner is unknown
            self.log.warning("Cannot ask whether the task still waits for its job: %s", error)
            return False


def _event(payload: Json) -> TriggerEvent:
    return TriggerEvent(payload)  # type: ignore[no-untyped-call]
