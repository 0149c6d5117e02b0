"""Read the scaling of an endpoint's variants and inference components, with its causes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from prodml.autoscaling.registrations import (
    place_of,
    policies,
    scaled_component,
    scaled_variant,
    targets_of,
)
from prodml.aws.client import Clients
from prodml.aws.retries import visible
from prodml.studio.moments import iso
from prodml.vocabulary import Json

NEWEST = 50  # activities of each


class Target(TypedDict):
    """The bounds of what is *scaled*, and the value that a policy keeps a metric near.

    That is the instances of a variant, or the copies of an inference component, by its name.
    """

    scaled: str
    least: int
    most: int
    suspended: bool
    policy: str
    kind: str
    metric: str
    value: float | None


class Activity(TypedDict):
    """A scaling activity of a variant or component, or a decision not to scale."""

    scaled: str
    started: str | None
    ended: str | None
    status: str
    description: str
    cause: str
    not_scaled: list[str]


class Scaling(TypedDict):
    """Scaling of all variants and components; *alarms* are those that the policies own."""

    targets: list[Target]
    activities: list[Activity]
    alarms: list[str]


def scaling(
    aws: Clients, endpoint: str, variants: Sequence[str], components: Sequence[str] = ()
) -> Scaling:
    """Return the scaling of *variants* and *components*; empty lists where none is registered."""
    result: Scaling = {"targets": [], "activities": [], "alarms": []}
    places = [scaled_variant(endpoint, name) for name in variants]
    for target in targets_of(aws, [*places, *map(scaled_component, components)]):
        place = place_of(target)
        name = place["ResourceId"].rpartition("/")[2]
        known = policies(aws, place)
        result["targets"] += [_target(name, target, policy) for policy in known or [{}]]
        result["alarms"] += [a["AlarmName"] for p in known for a in p.get("Alarms", [])]
        result["activities"] += _activities(aws, name, place)
    result["activities"].sort(key=lambda activity: activity["started"] or "", reverse=True)
    return result


def _target(scaled: str, target: Json, policy: Json) -> Target:
    tracking = policy.get("TargetTrackingScalingPolicyConfiguration", {})
    predefined = tracking.get("PredefinedMetricSpecification", {})
    custom = tracking.get("CustomizedMetricSpecification", {})
    return {
        "scaled": scaled,
        "least": target["MinCapacity"],
        "most": target["MaxCapacity"],
        "suspended": any(target.get("SuspendedState", {}).values()),
        "policy": policy.get("PolicyName", ""),
        "kind": policy.get("PolicyType", ""),
        "metric": predefined.get("PredefinedMetricType") or custom.get("MetricName", ""),
        "value": tracking.get("TargetValue"),
    }


def _activities(aws: Clients, scaled: str, place: dict[str, str]) -> list[Activity]:
    """Return the newest activities; empty if AWS denies to show them."""
    page = visible(
        aws.client("application-autoscaling").describe_scaling_activities,
        **place,
        IncludeNotScaledActivities=True,
        MaxResults=NEWEST,
    )
    return [
        {
            "scaled": scaled,
            "started": iso(activity.get("StartTime")),
            "ended": iso(activity.get("EndTime")),
            "status": activity["StatusCode"],
            "description": activity.get("Description", ""),
            "cause": activity.get("Cause", ""),
            "not_scaled": [reason["Code"] for reason in activity.get("NotScaledReasons", [])],
        }
        for activity in (page or {"ScalingActivities": []})["ScalingActivities"]
    ]
