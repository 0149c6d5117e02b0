"""One update of an endpoint: blue/green or rolling, step by step, forward or rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..runtime.deployments import Deployment, wanted
from . import guardrails
from .steps import Steps

if TYPE_CHECKING:
    from ...core.account import Aws
    from ..runtime.traffic import Traffic


class Update:
    """Shifts an endpoint's traffic from its *old* deployment to a *new* one."""

    def __init__(self, aws: Aws, name: str, traffic: Traffic, target: dict[str, Any]) -> None:
        self._aws = aws
        self._traffic = traffic
        self._plan = guardrails.Plan.of(target.get("DeploymentConfig"))
        self.target = target
        self.old = traffic.present
        self.new = Deployment(aws, name, target)
        self._wanted = wanted(self.new.variants)
        self._before = self.old.counts()
        left = self._plan.timeout - self._plan.waiting(self._wanted)
        self._steps = Steps(aws, self._plan, left)
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
        await self._steps.work(self.new.start())
        for shares in self._plan.steps(self._wanted):
            self._shift(shares)
            await self._bake(self._plan.bake)
        await self._bake(self._plan.termination_wait)

    async def _roll_forward(self) -> None:
        """Start the new fleet in batches; after each, shift traffic and stop old instances."""
        ((variant, goal),) = self._wanted.items()
        before = self._before[variant]
        size = guardrails.batch(self._plan.size, goal)
        await self._steps.work(self.new.resize(wanted(self.new.shadows)))
        for count in (min(n, goal) for n in range(size, goal + size, size)):
            self._enter("Creating")
            await self._steps.work(self.new.resize({variant: count}))
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

    async def _bake(self, seconds: float) -> None:
        if seconds or self._plan.alarms:
            self._enter("Baking")
            await self._steps.bake(seconds)

    def _enter(self, stage: str) -> None:
        self._stage, self._since = stage, self._aws.clock.now()
