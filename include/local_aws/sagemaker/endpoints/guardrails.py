"""Deployment guardrails: the steps in which an update shifts traffic, and AWS's checks of them.

The rules are those of AWS's API reference for DeploymentConfig and of its guide's "Exclusions".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...cloudwatch import alarms
from ...core.store import Doc
from ...wire.errors import validation

if TYPE_CHECKING:
    from ...core.account import Aws

Counts = dict[str, int]  # instances of each variant
DEFAULT_TIMEOUT = 28800.0  # seconds; AWS's maximum is the default
SIZES = {"ALL_AT_ONCE": None, "CANARY": "CanarySize", "LINEAR": "LinearStepSize"}
SHARES = {"CanarySize": (0, 50), "LinearStepSize": (10, 50), "MaximumBatchSize": (5, 50)}


@dataclass(frozen=True)
class Plan:
    """A parsed deployment configuration; times are in AWS seconds."""

    rolling: bool = False
    size: Doc | None = None  # size of each step, or of the canary
    canary: bool = False
    bake: float = 0.0
    termination_wait: float = 0.0
    timeout: float = DEFAULT_TIMEOUT
    alarms: tuple[str, ...] = ()
    rollback_size: Doc | None = None

    @classmethod
    def of(cls, config: Doc | None) -> Plan:
        """Return the plan of a deployment configuration, by default blue/green, all at once."""
        config = config or {}
        watched = config.get("AutoRollbackConfiguration", {}).get("Alarms", [])
        names = tuple(alarm["AlarmName"] for alarm in watched)
        if rolling := config.get("RollingUpdatePolicy"):
            return cls(
                rolling=True,
                size=rolling["MaximumBatchSize"],
                bake=rolling["WaitIntervalInSeconds"],
                timeout=rolling.get("MaximumExecutionTimeoutInSeconds", DEFAULT_TIMEOUT),
                alarms=names,
                rollback_size=rolling.get("RollbackMaximumBatchSize"),
            )
        policy = config.get("BlueGreenUpdatePolicy", {})
        routing = policy.get("TrafficRoutingConfiguration", {"Type": "ALL_AT_ONCE"})
        return cls(
            size=routing.get(SIZES[routing["Type"]] or ""),
            canary=routing["Type"] == "CANARY",
            bake=routing.get("WaitIntervalInSeconds", 0),
            termination_wait=policy.get("TerminationWaitInSeconds", 0),
            timeout=policy.get("MaximumExecutionTimeoutInSeconds", DEFAULT_TIMEOUT),
            alarms=names,
        )

    def steps(self, counts: Counts) -> list[dict[str, float]]:
        """Return the share of each variant's traffic on the new fleet after each step."""
        if self.size is None:
            return [dict.fromkeys(counts, 1.0)]
        fractions = {name: _fraction(self.size, count) for name, count in counts.items()}
        if self.canary:
            return [fractions, dict.fromkeys(counts, 1.0)]
        number = max(math.ceil(1 / fraction - 1e-9) for fraction in fractions.values())
        return [
            {name: min(1.0, fraction * step) for name, fraction in fractions.items()}
            for step in range(1, number + 1)
        ]

    def waiting(self, counts: Counts) -> float:
        """Return the total waiting time of the update, without its work."""
        return self.bake * len(self.steps(counts)) + self.termination_wait


def batch(size: Doc | None, count: int) -> int:
    """Return the instances of one rolling step; all of them if no size is given."""
    if size is None:
        return count
    if size["Type"] == "INSTANCE_COUNT":
        return int(size["Value"])
    return max(1, count * int(size["Value"]) // 100)


def _fraction(size: Doc, count: int) -> float:
    whole = count if size["Type"] == "INSTANCE_COUNT" else 100
    return min(1.0, float(size["Value"] / max(whole, 1)))


def check(aws: Aws, config: Doc) -> None:
    """Refuse a deployment configuration that contradicts itself or names unknown alarms."""
    if "BlueGreenUpdatePolicy" in config and "RollingUpdatePolicy" in config:
        raise validation(
            "Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy can be specified in "
            "DeploymentConfig. Remove one of them."
        )
    if policy := config.get("BlueGreenUpdatePolicy"):
        _check_routing(policy["TrafficRoutingConfiguration"])
    if policy := config.get("RollingUpdatePolicy"):
        _check_percentage("MaximumBatchSize", policy["MaximumBatchSize"])
    check_alarms(aws, Plan.of(config))


def check_alarms(aws: Aws, plan: Plan) -> None:
    """Refuse alarms that are named twice or do not exist."""
    if len(set(plan.alarms)) < len(plan.alarms):
        raise validation(f"AutoRollbackConfiguration names an alarm twice: {list(plan.alarms)}.")
    if unknown := [name for name in plan.alarms if aws.store.get(alarms.KIND, name) is None]:
        raise validation(
            f"AutoRollbackConfiguration names alarms that do not exist: {unknown}. Create them "
            "with PutMetricAlarm first."
        )


def _check_routing(routing: Doc) -> None:
    kind = routing["Type"]
    for owner, member in SIZES.items():
        if member is not None and member in routing and owner != kind:
            raise validation(f"{member} cannot be specified for traffic routing type {kind}.")
    member = SIZES[kind]
    if member is None:
        return
    if member not in routing:
        raise validation(f"{member} must be specified for traffic routing type {kind}.")
    _check_percentage(member, routing[member])


def _check_percentage(member: str, size: Doc) -> None:
    low, high = SHARES[member]
    if size["Type"] == "CAPACITY_PERCENT" and not low <= size["Value"] <= high:
        raise validation(_wrong_size(member, size))


def check_fleets(config: Doc, old: Doc, new: Doc) -> None:
    """Refuse a plan that is impossible between two snapshots of a configuration."""
    names = [sorted(v["VariantName"] for v in doc["Variants"]) for doc in (old, new)]
    if names[0] != names[1]:
        raise validation(
            f"A deployment configuration needs the same variant names in both endpoint "
            f"configurations: {names[0]} are deployed and {names[1]} are requested. Keep the "
            "names, or update without DeploymentConfig."
        )
    if "RollingUpdatePolicy" in config and "ServerlessConfig" in new["Variants"][0]:
        raise validation(
            "RollingUpdatePolicy does not support serverless endpoints. Use BlueGreenUpdatePolicy."
        )
    if "RollingUpdatePolicy" in config and len(names[0]) > 1:
        raise validation(
            "RollingUpdatePolicy does not support endpoints with several production variants. "
            "Use BlueGreenUpdatePolicy."
        )
    plan = Plan.of(config)
    counts = {v["VariantName"]: int(v["DesiredInstanceCount"]) for v in new["Variants"]}
    _check_counts(config, plan, counts)
    waiting = plan.waiting(counts)
    if plan.timeout <= waiting:
        raise validation(
            f"MaximumExecutionTimeoutInSeconds {plan.timeout:.0f} must be larger than the total "
            f"waiting time of the deployment, {waiting:.0f} seconds."
        )


def _check_counts(config: Doc, plan: Plan, counts: Counts) -> None:
    if plan.size is None or plan.size["Type"] != "INSTANCE_COUNT":
        return
    member = "CanarySize" if plan.canary else "LinearStepSize"
    member = "MaximumBatchSize" if "RollingUpdatePolicy" in config else member
    low, high = SHARES[member]
    for count in counts.values():
        if not low <= 100 * plan.size["Value"] / max(count, 1) <= high:
            raise validation(_wrong_size(member, plan.size, f" of {count} instances"))


def _wrong_size(member: str, size: Doc, whole: str = "") -> str:
    low, high = SHARES[member]
    least = f"between {low}% and" if low else "at most"
    return (
        f"{member} of {size['Value']} ({size['Type']}){whole} is out of range: it must be {least} "
        f"{high}% of the variant's total instance count."
    )
