"""The loop behind Application Auto Scaling: alarms are judged, policies act, processes start."""

from __future__ import annotations

import asyncio
import logging
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

from include.local_aws.scaling import targets, tracking
from include.local_aws.scaling.alarms import Alarms, Evaluation
from include.local_aws.store import Doc
from include.local_aws.wire.errors import AwsError

if TYPE_CHECKING:
    from include.local_aws.context import Aws

log = logging.getLogger(__name__)
LOOKS_PER_MINUTE = 6
MINUTE = 60.0
RETENTION = 15 * 24 * 3600.0  # what CloudWatch keeps of one-minute data


class Autoscaler:
    """Evaluates alarms and brings scalable targets to the capacity their policies ask for."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._alarms = Alarms(aws)
        self._loop: asyncio.Task[None] | None = None
        self._work: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._aws.metrics.prune(self._aws.clock.now() - RETENTION)
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        tasks = [*self._work, *([self._loop] if self._loop else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        pause = max(0.05, min(1.0, self._aws.clock.real(MINUTE / LOOKS_PER_MINUTE)))
        while True:
            try:
                self.tick()
            except Exception:
                log.exception("An autoscaling round failed; the next one comes.")
            await asyncio.sleep(pause)

    def tick(self) -> None:
        """One round: what was measured, what it means, what follows."""
        self._aws.fleet.flush_metrics()
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
        capacity = self.capacity(target)
        if capacity is None:
            return
        alarm = evaluation.alarm
        wanted = self._wanted(policy, target, capacity, evaluation)
        wanted = max(target["MinCapacity"], min(target["MaxCapacity"], wanted))
        if wanted == capacity or _suspended(target, wanted > capacity):
            return
        cause = (
            f"monitor alarm {alarm['AlarmName']} in state ALARM triggered policy "
            f"{policy['PolicyName']}"
        )
        self._scale(target, capacity, wanted, cause)

    def _wanted(self, policy: Doc, target: Doc, capacity: int, evaluation: Evaluation) -> int:
        """What the policy asks for now, which during a cooldown may be to wait."""
        out, into = tracking.cooldowns(policy)
        last = target.get("LastScaling") or {"Out": False, "From": capacity}
        waited = self._since_last(target)
        growing = last["Out"] and waited < out
        # What was just added counts as if it carried load already: reckon from before it.
        wanted = tracking.wanted(
            policy, last["From"] if growing else capacity, evaluation.alarm, evaluation.values
        )
        if wanted < capacity and (growing or (not last["Out"] and waited < into)):
            return capacity
        return wanted

    def _enforce_bounds(self, target: Doc) -> None:
        """A capacity outside new bounds is corrected without waiting for an alarm."""
        capacity = self.capacity(target)
        if capacity is None or self._since_last(target) < MINUTE:
            return
        low, high = target["MinCapacity"], target["MaxCapacity"]
        if capacity < low and not _suspended(target, out=True):
            self._scale(target, capacity, low, f"minimum capacity was set to {low}")
        elif capacity > high and not _suspended(target, out=False):
            self._scale(target, capacity, high, f"maximum capacity was set to {high}")

    def capacity(self, target: Doc) -> int | None:
        """Desired instances of an endpoint that can be scaled now, else None."""
        endpoint, variant = targets.place(target)
        doc = self._aws.store.get("endpoint", endpoint)
        if doc is None or doc["EndpointStatus"] != "InService":
            return None
        specs = {spec["VariantName"]: spec for spec in doc["Deployment"]["Variants"]}
        return specs[variant]["DesiredInstanceCount"] if variant in specs else None

    def _since_last(self, target: Doc) -> float:
        """AWS seconds since the target was scaled, or was tried to."""
        at: float = target.get("LastScaling", {}).get("At", 0.0)
        return (self._aws.clock.now() - at) * self._aws.clock.scale

    def _scale(self, target: Doc, capacity: int, wanted: int, cause: str) -> None:
        from include.local_aws.services.endpoints import resize

        endpoint, variant = targets.place(target)
        activity = self._begin(target, wanted, cause)
        scaling = {"At": self._aws.clock.now(), "Out": wanted > capacity, "From": capacity}
        self._aws.store.update(targets.TARGET, targets.key(target), LastScaling=scaling)
        wish = {"VariantName": variant, "DesiredInstanceCount": wanted}
        try:
            _, work = resize(self._aws, endpoint, [wish])
        except AwsError as error:
            self._end(activity, "Failed", f"Failed to set desired instance count: {error.message}")
            return
        task = asyncio.create_task(self._watch(activity, endpoint, wanted, work))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _watch(
        self, activity: str, endpoint: str, wanted: int, work: asyncio.Task[None]
    ) -> None:
        with suppress(Exception):
            await work
        reason = (self._aws.store.get("endpoint", endpoint) or {}).get("FailureReason")
        if reason or work.cancelled():
            message = f"Failed to set desired instance count to {wanted}. Reason: {reason}"
            self._end(activity, "Failed", message)
        else:
            message = f"Successfully set desired instance count to {wanted}."
            self._end(
                activity, "Successful", f"{message} Change successfully fulfilled by sagemaker."
            )

    def _begin(self, target: Doc, wanted: int, cause: str) -> str:
        activity = str(uuid.uuid4())
        doc = {key: target[key] for key in ("ServiceNamespace", "ResourceId", "ScalableDimension")}
        doc |= {
            "ActivityId": activity,
            "Description": f"Setting desired instance count to {wanted}.",
            "Cause": cause,
            "StartTime": self._aws.clock.now(),
            "StatusCode": "InProgress",
            "StatusMessage": f"Successfully set desired instance count to {wanted}. "
            "Waiting for change to be fulfilled by sagemaker.",
        }
        self._aws.store.insert(targets.ACTIVITY, activity, doc)
        return activity

    def _end(self, activity: str, status: str, message: str) -> None:
        now = self._aws.clock.now()
        self._aws.store.update(
            targets.ACTIVITY, activity, StatusCode=status, StatusMessage=message, EndTime=now
        )


def _suspended(target: Doc, out: bool) -> bool:
    state = target.get("SuspendedState", {})
    return bool(state.get(f"DynamicScaling{'Out' if out else 'In'}Suspended", False))
