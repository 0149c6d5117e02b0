"""The loop of Application Auto Scaling: evaluate alarms, apply policies, scale endpoints."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from ..cloudwatch import alarms
from ..cloudwatch.alarms import Alarms, Evaluation
from ..cloudwatch.metrics import Metrics
from ..core.store import Doc
from ..core.supervision import Tasks, keep_running
from ..wire.errors import AwsError
from . import activities, dimensions, scheduled_actions, targets, tracking

if TYPE_CHECKING:
    from ..core.account import Aws

Scale = Callable[["Aws", Doc, int], asyncio.Task[None]]
POLLS_PER_MINUTE = 6
MINUTE = 60.0
RETENTION = 15 * 24 * 3600.0  # CloudWatch's retention of one-minute data


class Autoscaler:
    """Evaluates alarms, and scales targets to the capacity that their policies require."""

    def __init__(self, aws: Aws, scale: Scale, publish: Callable[[], None]) -> None:
        """Scale by *scale*; *publish* makes the endpoints' latest metrics visible to alarms."""
        self._aws = aws
        self._change = scale
        self._publish = publish
        self._alarms = Alarms(aws)
        self._smaller: dict[str, int] = {}  # capacity to which each policy would scale in
        self._tasks = Tasks("A scaling")

    async def start(self) -> None:
        self._aws.part(Metrics).prune(self._aws.clock.now() - RETENTION)
        self._tasks.begin(keep_running("Autoscaling", self._run))

    async def stop(self) -> None:
        await self._tasks.stop()

    async def _run(self) -> None:
        pause = max(0.05, min(1.0, self._aws.clock.real(MINUTE / POLLS_PER_MINUTE)))
        while True:
            self.tick()
            await asyncio.sleep(pause)

    def tick(self) -> None:
        """Run one round: publish metrics, evaluate alarms, scale."""
        self._publish()
        scheduled_actions.run_due(self._aws)
        for target in self._aws.store.list(targets.TARGET):
            self._enforce_bounds(target)
        for evaluation in self._alarms.evaluate():
            if evaluation.firing:
                self._act(evaluation)

    def _act(self, evaluation: Evaluation) -> None:
        arns = evaluation.alarm.get("AlarmActions", [])
        for policy in self._aws.store.list(targets.POLICY):
            target = self._aws.store.get(targets.TARGET, targets.key(policy))
            if policy["PolicyARN"] in arns and target:
                self._follow(policy, target, evaluation)

    def _follow(self, policy: Doc, target: Doc, evaluation: Evaluation) -> None:
        capacity = dimensions.capacity(self._aws, target)
        if capacity is None:
            return
        alarm = evaluation.alarm["AlarmName"]
        cause = f"monitor alarm {alarm} in state ALARM triggered policy {policy['PolicyName']}"
        required = self._wanted(policy, target, capacity, evaluation)
        if required is None:
            return
        if required < capacity and policy["PolicyType"] == tracking.KIND:
            required = self._agreed(policy, target, required, capacity)
        low, high = target["MinCapacity"], target["MaxCapacity"]
        wanted = max(low, min(high, required))
        if wanted == capacity:
            code = _reason(required, capacity, low, high)
            activities.not_scaled(self._aws, target, cause, code, capacity)
        elif not _suspended(target, wanted > capacity):
            self._scale(target, capacity, wanted, cause)

    def _agreed(self, policy: Doc, target: Doc, required: int, capacity: int) -> int:
        """Scale in to the largest capacity of all target-tracking policies, once all agree."""
        self._smaller[targets.policy_key(policy)] = required
        votes = [required]
        for other in targets.policies(self._aws, target):
            if (alarm := tracking.low_alarm(other)) is None:
                continue
            doc = self._aws.store.get(alarms.KIND, alarm) or {}
            agrees = doc.get("StateValue") == "ALARM"
            key = targets.policy_key(other)
            votes.append(self._smaller.get(key, capacity) if agrees else capacity)
        return max(votes)

    def _wanted(
        self, policy: Doc, target: Doc, capacity: int, evaluation: Evaluation
    ) -> int | None:
        """Return the capacity that the policy requires; None during a cooldown."""
        out, into = tracking.cooldowns(policy)
        last = target.get("LastScaling") or {"Out": False, "From": capacity}
        waited = self._since_last(target)
        growing = last["Out"] and waited < out
        # Instances that were just added count as if they carried load: compute without them.
        wanted = tracking.wanted(
            policy, last["From"] if growing else capacity, evaluation.alarm, evaluation.values
        )
        if wanted < capacity and (growing or (not last["Out"] and waited < into)):
            return None
        return None if growing and wanted <= capacity else wanted

    def _enforce_bounds(self, target: Doc) -> None:
        """Correct a capacity outside of new bounds without waiting for an alarm."""
        capacity = dimensions.capacity(self._aws, target)
        low, high = target["MinCapacity"], target["MaxCapacity"]
        if capacity is None or self._was_tried(target, max(low, min(high, capacity))):
            return
        if capacity < low and not _suspended(target, out=True):
            self._scale(target, capacity, low, f"minimum capacity was set to {low}")
        elif capacity > high and not _suspended(target, out=False):
            self._scale(target, capacity, high, f"maximum capacity was set to {high}")

    def _since_last(self, target: Doc) -> float:
        """Return the AWS seconds since the last attempt to scale the target."""
        at: float = target.get("LastScaling", {}).get("At", 0.0)
        return (self._aws.clock.now() - at) * self._aws.clock.scale

    def _was_tried(self, target: Doc, wanted: int) -> bool:
        """Return whether the same scaling was tried within the last minute, and failed."""
        tried: int | None = target.get("LastScaling", {}).get("To")
        return tried == wanted and self._since_last(target) < MINUTE

    def _scale(self, target: Doc, capacity: int, wanted: int, cause: str) -> None:
        activity = activities.begin(self._aws, target, wanted, cause)
        scaling = {"At": self._aws.clock.now(), "Out": wanted > capacity}
        scaling |= {"From": capacity, "To": wanted}
        self._aws.store.update(targets.TARGET, targets.key(target), LastScaling=scaling)
        try:
            work = self._change(self._aws, target, wanted)
        except AwsError as error:
            message = f"Failed to set {dimensions.of(target).noun}: {error.message}"
            activities.end(self._aws, activity, "Failed", message)
            return
        self._tasks.begin(self._watch(activity, target, wanted, work))

    async def _watch(
        self, activity: str, target: Doc, wanted: int, work: asyncio.Task[None]
    ) -> None:
        with suppress(Exception):
            await work
        change = f"set {dimensions.of(target).noun} to {wanted}."
        reason = dimensions.failure(self._aws, target)
        if reason or work.cancelled():
            message = f"Failed to {change} Reason: {reason}"
            activities.end(self._aws, activity, "Failed", message)
        else:
            message = f"Successfully {change} Change successfully fulfilled by sagemaker."
            activities.end(self._aws, activity, "Successful", message)


def _suspended(target: Doc, out: bool) -> bool:
    state = target.get("SuspendedState", {})
    return bool(state.get(f"DynamicScaling{'Out' if out else 'In'}Suspended", False))


def _reason(required: int, capacity: int, low: int, high: int) -> str:
    """Return the API's reason why *required* does not change *capacity*."""
    if required > high:
        return "AlreadyAtMaxCapacity"
    return "AlreadyAtMinCapacity" if required <= capacity == low else "AlreadyAtDesiredCapacity"
