"""Scalable targets: the variants that can be scaled, their bounds and policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..cloudwatch import alarms
from ..core.store import Doc

if TYPE_CHECKING:
    from ..core.account import Aws

TARGET, POLICY, ACTIVITY = "scalable-target", "scaling-policy", "scaling-activity"
SCHEDULED = "scheduled-action"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"


def key(doc: Doc) -> str:
    return "|".join((doc["ServiceNamespace"], doc["ResourceId"], doc["ScalableDimension"]))


def place(doc: Doc) -> tuple[str, str]:
    """Return endpoint and variant of `endpoint/<name>/variant/<name>`; raise ValueError."""
    parts = str(doc["ResourceId"]).split("/")
    if len(parts) != 4 or (parts[0], parts[2]) != ("endpoint", "variant") or not all(parts):
        raise ValueError(f"ResourceId {doc['ResourceId']!r} is not endpoint/<name>/variant/<name>.")
    return parts[1], parts[3]


def find(aws: Aws, endpoint: str, variant: str) -> Doc | None:
    resource = f"endpoint/{endpoint}/variant/{variant}"
    return aws.store.get(TARGET, "|".join(("sagemaker", resource, DIMENSION)))


def policies(aws: Aws, target: Doc) -> list[Doc]:
    return [policy for policy in aws.store.list(POLICY) if key(policy) == key(target)]


def policy_key(doc: Doc) -> str:
    return f"{key(doc)}|{doc['PolicyName']}"


def scheduled_key(doc: Doc) -> str:
    return f"{key(doc)}|{doc['ScheduledActionName']}"


def remove_policy(aws: Aws, policy: Doc) -> None:
    """Delete a policy, with its alarms if target tracking created them."""
    if policy["PolicyType"] == "TargetTrackingScaling":
        alarms.delete(aws, [alarm["AlarmName"] for alarm in policy.get("Alarms", [])])
    aws.store.delete(POLICY, policy_key(policy))


def remove(aws: Aws, target: Doc) -> None:
    for policy in policies(aws, target):
        remove_policy(aws, policy)
    for action in aws.store.list(SCHEDULED):
        if key(action) == key(target):
            aws.store.delete(SCHEDULED, scheduled_key(action))
    aws.store.delete(TARGET, key(target))


def forget(aws: Aws, endpoint: str) -> None:
    """Deregister every variant of an endpoint that is deleted."""
    prefix = f"endpoint/{endpoint}/variant/"
    for target in aws.store.list(TARGET):
        if target["ServiceNamespace"] == "sagemaker" and target["ResourceId"].startswith(prefix):
            remove(aws, target)
