"""Operations on scheduled actions of Application Auto Scaling."""

from __future__ import annotations

import uuid

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire.errors import validation
from . import scheduled_actions, targets
from .api import SERVICE, check_place, matching, missing, paged, target_of


@operation(SERVICE, "PutScheduledAction")
def put_scheduled_action(aws: Aws, request: Doc) -> Doc:
    """Create an action, or change the given members of an existing one."""
    check_place(request)
    target_of(aws, request)
    key = targets.scheduled_key(request)
    former = aws.store.get(targets.SCHEDULED, key)
    doc = (former or _new_action(aws, request)) | request
    doc |= {"Since": aws.clock.now(), "LastDue": None}
    _check(doc)
    if former:
        aws.store.delete(targets.SCHEDULED, key)
    aws.store.insert(targets.SCHEDULED, key, doc)
    return {}


def _new_action(aws: Aws, request: Doc) -> Doc:
    resource = f"resource/{request['ServiceNamespace']}/{request['ResourceId']}"
    name = f"{resource}:scheduledActionName/{request['ScheduledActionName']}"
    arn = aws.arn(f"scheduledAction:{uuid.uuid4()}:{name}", "autoscaling")
    return {"ScheduledActionARN": arn, "CreationTime": aws.clock.now()}


def _check(action: Doc) -> None:
    bounds = action.get("ScalableTargetAction", {})
    if "Schedule" not in action or not bounds:
        raise validation("A new scheduled action needs a Schedule and a ScalableTargetAction.")
    if bounds.get("MinCapacity", 0) > bounds.get("MaxCapacity", float("inf")):
        raise validation("Maximum capacity cannot be less than minimum capacity")
    if action.get("StartTime", 0) >= action.get("EndTime", float("inf")):
        raise validation("The EndTime of a scheduled action must be after its StartTime.")
    try:
        scheduled_actions.schedule(action)
    except ValueError as error:
        raise validation(str(error)) from None


@operation(SERVICE, "DescribeScheduledActions")
def describe_scheduled_actions(aws: Aws, request: Doc) -> Doc:
    actions = matching(aws.store.list(targets.SCHEDULED), request)
    if names := request.get("ScheduledActionNames"):
        actions = [action for action in actions if action["ScheduledActionName"] in names]
    return paged("ScheduledActions", actions, request)


@operation(SERVICE, "DeleteScheduledAction")
def delete_scheduled_action(aws: Aws, request: Doc) -> Doc:
    key = targets.scheduled_key(request)
    if aws.store.get(targets.SCHEDULED, key) is None:
        raise missing(
            f"No scheduled action found for service namespace: {request['ServiceNamespace']}, "
            f"resource ID: {request['ResourceId']}, scheduled action name: "
            f"{request['ScheduledActionName']}"
        )
    aws.store.delete(targets.SCHEDULED, key)
    return {}
