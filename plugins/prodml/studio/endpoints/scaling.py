"""Read an endpoint's scaling: bounds, targets, and activities with their causes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from prodml.autoscaling.registrations import policies, scaled_variant, targets
from prodml.aws.client import Clients
from prodml.aws.retries import visible
from prodml.studio.moments import iso
from prodml.vocabulary import Json

NEWEST = 50  # activities of a variant


class Target(TypedDict):
    """The bounds of a variant's instances, and the value that a policy keeps a metric near."""

    variant: str
    least: int
    most: int
    suspended: bool
    policy: str
    kind: str
    metric: str
    value: float | None


class Activity(TypedDict):
    """A scaling activity, or a decision not to scale."""

    variant: str
    started: str | None
    ended: str | None
    status: str
    description: str
    cause: str
    not_scaled: list[str]


class Scaling(TypedDict):
    """Scaling of all variants; *alarms* are those that the policies own."""

    targets: list[Target]
    activities: list[Activity]
    alarms: list[str]


def scaling(aws: Clients, endpoint: str, variants: Sequence[str]) -> Scaling:
    """Return the scaling of *variants*; empty lists where none is registered."""
    result: Scaling = {"targets": [], "activities": [], "alarms": []}
    for target in targets(aws, endpoint, variants):
        variant = target["ResourceId"].rpartition("/")[2]
        place = scaled_variant(endpoint, variant)
        known = policies(aws, place)
        result["targets"] += [_target(variant, target, policy) for policy in known or [{}]]
        result["alarms"] += [a["AlarmName"] for p in known for a in p.get("Alarms", [])]
        result["activities"] += _activities(aws, variant, place)
    result["activities"].sort(key=lambda activity: activity["started"] or "", reverse=True)
    return result


def _target(variant: str, target: Json, policy: Json) -> Target:
    tracking = policy.get("TargetTrackingScalingPolicyConfiguration", {})
    predefined = tracking.get("PredefinedMetricSpecification", {})
    custom = tracking.get("CustomizedMetricSpecification", {})
    return {
        "variant": variant,
        "least": target["MinCapacity"],
        "most": target["MaxCapacity"],
        "suspended": any(target.get("SuspendedState", {}).values()),
        "policy": policy.get("PolicyName", ""),
        "kind": policy.get("PolicyType", ""),
        "metric": predefined.get("PredefinedMetricType") or custom.get("MetricName", ""),
        "value": tracking.get("TargetValue"),
    }


def _activities(aws: Clients, variant: str, place: dict[str, str]) -> list[Activity]:
    """Return the newest activities; empty if AWS denies to show them."""
    page = visible(
        aws.client("application-autoscaling").describe_scaling_activities,
        **place,
        IncludeNotScaledActivities=True,
        MaxResults=NEWEST,
    )
    return [
        {
            "variant": variant,
            "started": iso(activity.get("StartTime")),
            "ended": iso(activity.get("EndTime")),
            "status": activity["StatusCode"],
            "description": activity.get("Description", ""),
            "cause": activity.get("Cause", ""),
            "not_scaled": [reason["Code"] for reason in activity.get("NotScaledReasons", [])],
        }
        for activity in (page or {"ScalingActivities": []})["ScalingActivities"]
    ]
