"""One update of a component's model: in batches of copies, forward or rolled back.

Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentRollingUpdatePolicy.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.store import Doc
from ...wire.errors import validation
from ..endpoints import guardrails
from ..endpoints.steps import Steps

if TYPE_CHECKING:
    from ...core.account import Aws
    from ..runtime.components import Component, Copies

LOW, HIGH = 5, 50  # percent of the copies


def check(aws: Aws, config: Doc, copies: int) -> None:
    """Refuse a deployment configuration that contradicts itself or names unknown alarms."""
    policy = config["RollingUpdatePolicy"]
    size = policy["MaximumBatchSize"]
    percent = size["Value"]
    if size["Type"] == "COPY_COUNT":
        percent = 100 * size["Value"] / copies if copies > 1 else HIGH * size["Value"]
    if not LOW <= percent <= HIGH:
        raise validation(
            f"MaximumBatchSize of {size['Value']} ({size['Type']}) is out of range: it must be "
            f"between {LOW}% and {HIGH}% of the {copies} copies of the inference component."
        )
    plan = plan_of(config)
    guardrails.check_alarms(aws, plan)
    waiting = plan.bake * _steps(plan, copies)
    if plan.timeout <= waiting:
        raise validation(
            f"MaximumExecutionTimeoutInSeconds {plan.timeout:.0f} must be larger than the total "
            f"waiting time of the deployment, {waiting:.0f} seconds."
        )


def plan_of(config: Doc | None) -> guardrails.Plan:
    """Return the plan of a component's deployment configuration; by default all copies at once."""
    if config is None:
        return guardrails.Plan(rolling=True)
    policy = {
        key: _in_instances(value) if isinstance(value, dict) else value
        for key, value in config["RollingUpdatePolicy"].items()
    }
    return guardrails.Plan.of(config | {"RollingUpdatePolicy": policy})


def _in_instances(size: Doc) -> Doc:
    kind = "INSTANCE_COUNT" if size["Type"] == "COPY_COUNT" else size["Type"]
    return size | {"Type": kind}


def _steps(plan: guardrails.Plan, copies: int) -> int:
    return -(-copies // guardrails.batch(plan.size, copies)) if copies else 0


class Rollout:
    """Shifts a component's requests from its present copies to those of a *new* version."""

    def __init__(
        self, aws: Aws, component: Component, new: Copies, goal: int, config: Doc | None
    ) -> None:
        self._component = component
        self._plan = plan_of(config)
        self._old, self._new = component.present, new
        self._before, self._goal = len(self._old.instances), goal
        waiting = self._plan.bake * _steps(self._plan, goal)
        self._steps = Steps(aws, self._plan, self._plan.timeout - waiting)

    async def advance(self) -> None:
        """Start the new copies in batches, and stop old ones after each; raise to roll back."""
        size = guardrails.batch(self._plan.size, self._goal)
        for first in range(0, self._goal, max(size, 1)):
            count = min(first + size, self._goal)
            await self._steps.work(self._new.resize(count))
            self._component.split(self._new, count / self._goal)
            await self._steps.bake(self._plan.bake)
            if count < self._goal:
                await self._old.resize(self._before - self._before * count // self._goal)
        self._component.settle(self._new)
        await self._old.resize(0)

    async def retreat(self) -> None:
        """Restore the old copies in batches, each in the room that new ones leave.

        The new version gets no request any more, also if an old copy does not start.
        """
        try:
            await self._restore()
        finally:
            self._component.settle(self._old)
            await self._new.stop(drain=True)

    async def _restore(self) -> None:
        size = guardrails.batch(self._plan.rollback_size, self._before)
        present = len(self._old.instances)
        self._component.split(self._new, 1 - present / self._before if self._before else 0)
        while present < self._before:
            present = min(self._before, present + size)
            left = self._goal - self._goal * present // self._before
            await self._new.resize(min(left, len(self._new.instances)))
            await self._old.resize(present)
            self._component.split(self._new, 1 - present / self._before)
