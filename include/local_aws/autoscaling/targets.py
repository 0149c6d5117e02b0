"""Scalable targets: the resources that can be scaled, their bounds and policies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..cloudwatch import alarms
from ..core.store import Doc
from . import dimensions

if TYPE_CHECKING:
    from ..core.account import Aws

TARGET, POLICY, ACTIVITY = "scalable-target", "scaling-policy", "scaling-activity"
SCHEDULED = "scheduled-action"


def key(doc: Doc) -> str:
    return "|".join((doc["ServiceNamespace"], doc["ResourceId"], doc["ScalableDimension"]))


def place(doc: Doc) -> tuple[str, ...]:
    """Return the names in the ResourceId of a target, policy or request; raise ValueError."""
    return dimensions.of(doc).place(str(doc["ResourceId"]))


def find(aws: Aws, endpoint: str, variant: str) -> Doc | None:
    resource = f"endpoint/{endpoint}/variant/{variant}"
    scaled = (dimensions.INSTANCES, dimensions.CONCURRENCY)
    keys = ("|".join(("sagemaker", resource, dimension)) for dimension in scaled)
    return next((target for key in keys if (target := aws.store.get(TARGET, key))), None)


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
    _forget(aws, lambda resource: resource.startswith(f"endpoint/{endpoint}/variant/"))


def forget_component(aws: Aws, name: str) -> None:
    """Deregister an inference component that is deleted."""
    _forget(aws, lambda resource: resource == f"inference-component/{name}")


def _forget(aws: Aws, is_gone: Callable[[str], bool]) -> None:
    for target in aws.store.list(TARGET):
        if target["ServiceNamespace"] == "sagemaker" and is_gone(target["ResourceId"]):
            remove(aws, target)
