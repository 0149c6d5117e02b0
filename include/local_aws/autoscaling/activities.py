"""Scaling activities: what was scaled, or not scaled, and why."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from ..core.store import Doc
from . import dimensions, targets

if TYPE_CHECKING:
    from ..core.account import Aws

MEMBERS = {  # members of NotScaledReasons that have the capacity
    "AlreadyAtMaxCapacity": "MaxCapacity",
    "AlreadyAtMinCapacity": "MinCapacity",
    "AlreadyAtDesiredCapacity": "CurrentCapacity",
}


def begin(aws: Aws, target: Doc, wanted: int, cause: str) -> str:
    """Record the start of a scaling, and return its id."""
    capacity = f"{dimensions.of(target).noun} to {wanted}"
    message = f"Successfully set {capacity}. "
    return _insert(
        aws,
        target,
        Description=f"Setting {capacity}.",
        Cause=cause,
        StatusCode="InProgress",
        StatusMessage=message + "Waiting for change to be fulfilled by sagemaker.",
    )


def end(aws: Aws, activity: str, status: str, message: str) -> None:
    now = aws.clock.now()
    aws.store.update(
        targets.ACTIVITY, activity, StatusCode=status, StatusMessage=message, EndTime=now
    )


def bounds_set(aws: Aws, target: Doc, action: str) -> None:
    """Record that a scheduled action has changed the bounds."""
    bounds = f"min capacity to {target['MinCapacity']} and max capacity to {target['MaxCapacity']}"
    _insert(
        aws,
        target,
        Description=f"Setting {bounds}",
        Cause=f"scheduled action name {action} was triggered",
        StatusCode="Successful",
        StatusMessage=f"Successfully set {bounds}",
        EndTime=aws.clock.now(),
    )


def not_scaled(aws: Aws, target: Doc, cause: str, code: str, capacity: int) -> None:
    """Record an alarm without an effect, once until another activity follows."""
    reasons = [{"Code": code, MEMBERS[code]: capacity}]
    last = latest(aws, target)
    if last and last["Cause"] == cause and last.get("NotScaledReasons") == reasons:
        return
    _insert(
        aws,
        target,
        Description="Attempting to scale due to alarm triggered",
        Cause=cause,
        StatusCode="Failed",
        NotScaledReasons=reasons,
        EndTime=aws.clock.now(),
    )


def latest(aws: Aws, target: Doc) -> Doc | None:
    matching = [
        doc for doc in aws.store.list(targets.ACTIVITY) if targets.key(doc) == targets.key(target)
    ]
    return matching[-1] if matching else None


def _insert(aws: Aws, target: Doc, **members: Any) -> str:
    activity = str(uuid.uuid4())
    doc = {key: target[key] for key in ("ServiceNamespace", "ResourceId", "ScalableDimension")}
    doc |= {"ActivityId": activity, "StartTime": aws.clock.now()} | members
    aws.store.insert(targets.ACTIVITY, activity, doc)
    return activity
