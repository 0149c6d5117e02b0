"""One update of an endpoint: blue/green or rolling, step by step, forward or rolled back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from ...cloudwatch import alarms
from ..runtime.deployments import Deployment, wanted
from . import guardrails

if TYPE_CHECKING:
    from ...core.account import Aws
    from ..runtime.traffic import Traffic

ALARM_POLL = 0.1  # seconds


class UpdateStoppedError(RuntimeError):
    """An alarm or the time limit ended the update; the message is the FailureReason."""


class Update:
    """Shifts an endpoint's traffic from its *old* deployment to a *new* one.

    MaximumExecutionTimeoutInSeconds without the configured waits limits the work, in real time:
    only waits are shortened.
    """

    def __init__(self, aws: Aws, name: str, traffic: Traffic, target: dict[str, Any]) -> None:
        self._aws = aws
        self._traffic = traffic
        self._plan = guardrails.Plan.of(target.get("DeploymentConfig"))
        self.target = target
        self.old = traffic.present
        self.new = Deployment(aws, name, target)
        self._wanted = wanted(self.new.variants)
        self._before = self.old.counts()
        self._left = self._plan.timeout - self._plan.waiting(self._wanted)
        self.began = aws.clock.now()
        self._enter("Creating")

    @property
    def variant_status(self) -> list[dict[str, Any]]:
        """Return the VariantStatus of the new fleet's variants."""
        return [{"Status": self._stage, "StartTime": self._since}]

    async def advance(self) -> None:
        """Shift all traffic to the new fleet; raise if the update must be rolled back."""
        if self._plan.rolling:
            await self._roll_forward()
        else:
            await self._shift_forward()

    async def retreat(self) -> None:
        """Shift all traffic back to the old fleet, at its old size."""
        if self._plan.rolling:
            await self._roll_back()
        self._traffic.settle(self.old)

    async def _shift_forward(self) -> None:
        await self._work(self.new.start())
        for shares in self._plan.steps(self._wanted):
            self._shift(shares)
            await self._bake(self._plan.bake)
        await self._bake(self._plan.termination_wait)

    async def _roll_forward(self) -> None:
        """Start the new fleet in batches; after each, shift traffic and stop old instances."""
        ((variant, goal),) = self._wanted.items()
        before = self._before[variant]
        size = guardrails.batch(self._plan.size, goal)
        await self._work(self.new.resize(wanted(self.new.shadows)))
        for count in (min(n, goal) for n in range(size, goal + size, size)):
            self._enter("Creating")
            await self._work(self.new.resize({variant: count}))
            self._shift({variant: count / goal})
            await self._bake(self._plan.bake)
            self._enter("Deleting")
            await self.old.resize({variant: before - before * count // goal})

    async def _roll_back(self) -> None:
        (variant,) = self.old.variants
        before = max(1, self._before[variant])
        size = guardrails.batch(self._plan.rollback_size, before)
        count = len(self.old.variants[variant].instances)
        self._traffic.split(self.old, self.new, {variant: 1 - count / before})
        while count < before:
            count = min(before, count + size)
            await self.old.resize({variant: count})
            self._traffic.split(self.old, self.new, {variant: 1 - count / before})

    def _shift(self, shares: dict[str, float]) -> None:
        self._enter("ActivatingTraffic")
        if min(shares.values()) >= 1:
            self._traffic.settle(self.new)
        else:
            self._traffic.split(self.old, self.new, shares)

    async def _work(self, work: Awaitable[None]) -> None:
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

    async def _bake(self, seconds: float) -> None:
        """Wait for *seconds* of AWS time; raise if one of the alarms fires."""
        if not seconds and not self._plan.alarms:
            return
        self._enter("Baking")
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

    def _enter(self, stage: str) -> None:
        self._stage, self._since = stage, self._aws.clock.now()
