"""Wait for a SageMaker resource in the triggerer, without a worker slot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from prodml.hooks.aws import Aws
from prodml.hooks.jobs import Jobs, pause
from prodml.vocabulary import ENDPOINT, KINDS, Json


class SageMakerTrigger(BaseTrigger):
    """
    Fires when a job or an endpoint has settled, however it ended.

    :param noun: What is waited for: ``TrainingJob``, ``ProcessingJob``, ``TransformJob`` or
        ``Endpoint``.
    :param name: Its name.
    :param poll_interval: Seconds between two looks in the first minute; later looks are rarer.
    :param aws: The connection, as :meth:`prodml.hooks.aws.Aws.arguments` gives it.
    """

    def __init__(self, noun: str, name: str, poll_interval: float, aws: Json) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.noun = noun
        self.name = name
        self.poll_interval = poll_interval
        self.aws = aws
        self._jobs = Jobs(Aws(**aws), KINDS[noun])

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "prodml.triggers.job.SageMakerTrigger", {
            "noun": self.noun,
            "name": self.name,
            "poll_interval": self.poll_interval,
            "aws": self.aws,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        began = time.monotonic()
        while True:
            # boto3 blocks: in a thread it leaves the triggerer's event loop to the other triggers.
            description = await asyncio.to_thread(self._jobs.look, self.name)
            if self._jobs.settled(description):
                status = self._jobs.status(description)
                yield _event({"name": self.name, "status": status})
                return
            await asyncio.sleep(pause(self.poll_interval, time.monotonic() - began))

    async def on_kill(self) -> None:
        """Somebody cleared or marked the deferred task: its job must not go on billing."""
        if self._jobs.kind is not ENDPOINT:
            await asyncio.to_thread(self._jobs.stop, self.name)


def _event(payload: Json) -> TriggerEvent:
    return TriggerEvent(payload)  # type: ignore[no-untyped-call]
