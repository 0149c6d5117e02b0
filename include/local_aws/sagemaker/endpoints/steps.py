"""The steps of an update: work within the time limit, and waits that watch alarms."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from ...cloudwatch import alarms

if TYPE_CHECKING:
    from ...core.account import Aws
    from .guardrails import Plan

ALARM_POLL = 0.1  # seconds


class UpdateStoppedError(RuntimeError):
    """An alarm or the time limit ended the update; the message is the FailureReason."""


class Steps:
    """Runs the steps of a plan.

    MaximumExecutionTimeoutInSeconds without the configured waits limits the work, in real time:
    only waits are shortened.
    """

    def __init__(self, aws: Aws, plan: Plan, left: float) -> None:
        self._aws = aws
        self._plan = plan
        self._left = left

    async def work(self, work: Awaitable[None]) -> None:
        """Wait for *work*; raise UpdateStoppedError when the time limit is over."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(self._left):
                await work
        except TimeoutError:
            raise UpdateStoppedError(
                "The deployment exceeded its MaximumExecutionTimeoutInSeconds of "
                f"{self._plan.timeout:.0f} seconds."
            ) from None
        self._left -= loop.time() - began

    async def bake(self, seconds: float) -> None:
        """Wait for *seconds* of AWS time; raise if one of the alarms fires."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._aws.clock.real(seconds)
        while True:
            self._heed_alarms()
            left = end - loop.time()
            if left <= 0:
                return
            await asyncio.sleep(min(left, ALARM_POLL))

    def _heed_alarms(self) -> None:
        docs = {name: self._aws.store.get(alarms.KIND, name) or {} for name in self._plan.alarms}
        if firing := [name for name, doc in docs.items() if doc.get("StateValue") == "ALARM"]:
            raise UpdateStoppedError(
                f"One or more alarms of the auto-rollback configuration are in ALARM state: "
                f"{firing}. The update was rolled back."
            )
