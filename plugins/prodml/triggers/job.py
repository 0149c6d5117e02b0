"""Wait for a SageMaker resource in the triggerer, without a worker slot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from prodml.hooks.aws import Aws
from prodml.hooks.follow import Follower
from prodml.hooks.jobs import Jobs
from prodml.hooks.pace import deadline
from prodml.triggers.watcher import Subscription, Watcher
from prodml.vocabulary import ENDPOINT, KINDS, Json

OVERDUE = "Overdue"  # the status of an event that fires because nothing else will
FOLLOWED = 20  # jobs, the newest ones, whose lines a triggerer copies
CHECK = 30.0  # seconds after which the deadline is looked at though nothing was seen


class SageMakerTrigger(BaseTrigger):
    """
    Fires when a job or an endpoint has settled, however it ended.

    :param noun: What is waited for: ``TrainingJob``, ``ProcessingJob``, ``TransformJob``,
        ``HyperParameterTuningJob`` or ``Endpoint``.
    :param name: Its name.
    :param poll_interval: Seconds between two looks in the first minute; later looks are rarer.
    :param aws: The connection, as :meth:`prodml.hooks.aws.Aws.arguments` gives it.
    :param group: Whose jobs take about as long as this one.
    :param created: ISO 8601; when the job was created.
    :param until: ISO 8601; when to fire with the status ``Overdue``.
    :param follow: Copy the job's lines into the task's log.
    """

    _following: list[SageMakerTrigger] = []  # noqa: RUF012 -- shared by all triggers of a triggerer

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
        self._jobs = Jobs(Aws(**aws), KINDS[noun])

    @classmethod
    def watching(
        cls, jobs: Jobs, name: str, description: Json, until: datetime | None, **arguments: Any
    ) -> SageMakerTrigger:
        """A trigger for a job as it was just described; *until* is the task's own limit."""
        created = description.get("CreationTime") or datetime.now(UTC)
        latest = deadline(description)
        latest = min(latest, until) if until else latest
        return cls(
            jobs.kind.noun,
            name,
            aws=jobs.aws.arguments(),
            created=created.isoformat(),
            until=latest.isoformat(),
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
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        created = datetime.fromisoformat(self.created) if self.created else None
        subscription = Subscription(self.name, self.poll_interval, self.group, created)
        watcher = Watcher.of(self._jobs)
        watcher.subscribe(subscription)
        self._following.append(self)
        try:
            status = await self._status(subscription)
        finally:
            watcher.unsubscribe(subscription)
            self._following.remove(self)
        yield _event({"name": self.name, "status": status})

    async def _status(self, subscription: Subscription) -> str:
        """The status that ends the wait."""
        follower = Follower(self._jobs, self.name, self.log)
        while not self._is_late():
            try:
                seen = await asyncio.wait_for(subscription.seen.get(), CHECK)
            except TimeoutError:
                continue
            if isinstance(seen, Exception):
                raise seen
            if self._jobs.settled(seen):
                return self._jobs.status(seen)
            follower.say(seen)
            if self.follow and self in self._following[-FOLLOWED:]:
                for line in await asyncio.to_thread(follower.lines):
                    self.log.info("%s", line)
        return OVERDUE

    def _is_late(self) -> bool:
        return self.until is not None and datetime.now(UTC) > datetime.fromisoformat(self.until)

    async def on_kill(self) -> None:
        """Somebody cleared or marked the deferred task: its job must not go on billing."""
        if self._jobs.kind is not ENDPOINT:
            await asyncio.to_thread(self._jobs.stop, self.name, "kill")


def _event(payload: Json) -> TriggerEvent:
    return TriggerEvent(payload)  # type: ignore[no-untyped-call]
