"""Operations on scalable targets, scaling policies and scaling activities."""

from __future__ import annotations

import uuid
from typing import Any

from ..cloudwatch import alarms
from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError, validation
from . import dimensions, stepping, targets, tracking

SERVICE = "application-autoscaling"
ROLE = (
    "role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/"
    "AWSServiceRoleForApplicationAutoScaling_SageMaker"
)


@operation(SERVICE, "RegisterScalableTarget")
def register_scalabletarget_of(aws: Aws, request: Doc) -> Doc:
    """Register a resource, or change the given members of a registered one."""
    check_place(request)
    former = aws.store.get(targets.TARGET, targets.key(request))
    doc = (former or _new_target(aws, request)) | {k: v for k, v in request.items() if k != "Tags"}
    if former and request.get("Tags"):
        raise validation(
            "The scalable target that you tried to tag already exists. To update tags on an "
            "existing scalable target, use the TagResource API."
        )
    for bound in ("MinCapacity", "MaxCapacity"):
        if bound not in doc:
            raise validation(f"{bound} is required to register a new scalable target.")
    if doc["MinCapacity"] < 0:
        raise validation("Minimum capacity cannot be less than 0")
    if doc["MinCapacity"] > doc["MaxCapacity"]:
        raise validation("Maximum capacity cannot be less than minimum capacity")
    dimensions.require(aws, request)
    if former:
        aws.store.update(targets.TARGET, targets.key(doc), **doc)
    else:
        aws.store.insert(targets.TARGET, targets.key(doc), doc)
    aws.store.put_tags(doc["ScalableTargetARN"], _tag_list(request.get("Tags", {})))
    return {"ScalableTargetARN": doc["ScalableTargetARN"]}


def check_place(request: Doc) -> None:
    """Refuse a dimension that is not emulated, or a ResourceId of another form."""
    try:
        targets.place(request)
    except ValueError as error:
        raise validation(
            f"Unsupported service namespace, resource type or scalable dimension. {error}"
        ) from None


def _new_target(aws: Aws, request: Doc) -> Doc:
    arn = aws.arn(f"scalable-target/{uuid.uuid4().hex}", SERVICE)
    suspended = {f"DynamicScaling{side}Suspended": False for side in ("In", "Out")}
    return {
        "ScalableTargetARN": arn,
        "CreationTime": aws.clock.now(),
        "RoleARN": f"arn:aws:iam::{aws.account}:{_role(request)}",
        "SuspendedState": suspended | {"ScheduledScalingSuspended": False},
    }


def _role(request: Doc) -> str:
    is_component = request["ScalableDimension"] == dimensions.COPIES
    return ROLE + ("InferenceComponent" if is_component else "Endpoint")


@operation(SERVICE, "DeregisterScalableTarget")
def deregister_scalabletarget_of(aws: Aws, request: Doc) -> Doc:
    targets.remove(aws, target_of(aws, request))
    return {}


@operation(SERVICE, "DescribeScalableTargets")
def describe_scalable_targets(aws: Aws, request: Doc) -> Doc:
    scalable_targets = matching(aws.store.list(targets.TARGET), request)
    if wanted := request.get("ResourceIds"):
        scalable_targets = [target for target in scalable_targets if target["ResourceId"] in wanted]
    return paged("ScalableTargets", scalable_targets, request)


@operation(SERVICE, "PutScalingPolicy")
def put_scaling_policy(aws: Aws, request: Doc) -> Doc:
    """Store the policy, and create the two alarms of a target-tracking policy."""
    target_of(aws, request)
    key = targets.policy_key(request)
    former = aws.store.get(targets.POLICY, key)
    doc = _policy(aws, request, former)
    _check_policy(doc)  # before anything is replaced
    if former:
        targets.remove_policy(aws, former)
    if doc["PolicyType"] == "TargetTrackingScaling":
        made = tracking.put_alarms(aws, doc)
        doc["Alarms"] = [{"AlarmName": a["AlarmName"], "AlarmARN": a["AlarmArn"]} for a in made]
    aws.store.insert(targets.POLICY, key, doc)
    return {"PolicyARN": doc["PolicyARN"], "Alarms": doc["Alarms"]}


def _check_policy(policy: Doc) -> None:
    if policy["PolicyType"] == tracking.KIND:
        tracking.metric_of(policy)
    elif problem := stepping.problem(policy["StepScalingPolicyConfiguration"]):
        raise validation(problem)


def _policy(aws: Aws, request: Doc, former: Doc | None) -> Doc:
    """Return the policy, with members of an existing one that the request omits."""
    doc: dict[str, Any] = (former or {"PolicyType": "StepScaling"}) | request
    member = f"{doc['PolicyType']}PolicyConfiguration"
    if doc["PolicyType"] not in ("StepScaling", "TargetTrackingScaling"):
        raise validation(f"{doc['PolicyType']} is not emulated. Use TargetTrackingScaling.")
    if member not in doc:
        raise validation(f"A {doc['PolicyType']} policy needs a {member}.")
    resource = f"resource/{doc['ServiceNamespace']}/{doc['ResourceId']}"
    name = f"scalingPolicy:{uuid.uuid4()}:{resource}:policyName/{doc['PolicyName']}"
    fresh = {"PolicyARN": aws.arn(name, "autoscaling"), "CreationTime": aws.clock.now()}
    return fresh | {"Alarms": []} | doc


@operation(SERVICE, "DeleteScalingPolicy")
def delete_scaling_policy(aws: Aws, request: Doc) -> Doc:
    policy = aws.store.get(targets.POLICY, targets.policy_key(request))
    if policy is None:
        raise missing(
            f"No scaling policy found for service namespace: {request['ServiceNamespace']}, "
            f"resource ID: {request['ResourceId']}, scalable dimension: "
            f"{request['ScalableDimension']}, policy name: {request['PolicyName']}"
        )
    targets.remove_policy(aws, policy)
    return {}


@operation(SERVICE, "DescribeScalingPolicies")
def describe_scaling_policies(aws: Aws, request: Doc) -> Doc:
    policies = matching(aws.store.list(targets.POLICY), request)
    if names := request.get("PolicyNames"):
        policies = [p for p in policies if p["PolicyName"] in names or p["PolicyARN"] in names]
    for policy in policies:
        if policy["PolicyType"] != tracking.KIND:
            policy["Alarms"] = _alarms_that_trigger(aws, policy)
    return paged("ScalingPolicies", policies, request)


def _alarms_that_trigger(aws: Aws, policy: Doc) -> list[Doc]:
    """Return the alarms that trigger a step policy, which its owner creates."""
    return [
        {"AlarmName": alarm["AlarmName"], "AlarmARN": alarm["AlarmArn"]}
        for alarm in aws.store.list(alarms.KIND)
        if policy["PolicyARN"] in alarm["AlarmActions"]
    ]


@operation(SERVICE, "DescribeScalingActivities")
def describe_scaling_activities(aws: Aws, request: Doc) -> Doc:
    records = matching(aws.store.list(targets.ACTIVITY), request)
    if not request.get("IncludeNotScaledActivities"):
        records = [activity for activity in records if "NotScaledReasons" not in activity]
    return paged("ScalingActivities", records[::-1], request)


@operation(SERVICE, "TagResource")
def tag_resource(aws: Aws, request: Doc) -> Doc:
    aws.store.put_tags(request["ResourceARN"], _tag_list(request["Tags"]))
    return {}


@operation(SERVICE, "UntagResource")
def untag_resource(aws: Aws, request: Doc) -> Doc:
    aws.store.remove_tags(request["ResourceARN"], request["TagKeys"])
    return {}


@operation(SERVICE, "ListTagsForResource")
def list_tags_for_resource(aws: Aws, request: Doc) -> Doc:
    return {"Tags": {tag["Key"]: tag["Value"] for tag in aws.store.tags(request["ResourceARN"])}}


def target_of(aws: Aws, request: Doc) -> Doc:
    target = aws.store.get(targets.TARGET, targets.key(request))
    if target is None:
        raise missing(
            f"No scalable target registered for service namespace: {request['ServiceNamespace']}, "
            f"resource ID: {request['ResourceId']}, scalable dimension: "
            f"{request['ScalableDimension']}"
        )
    return target


def matching(docs: list[Doc], request: Doc) -> list[Doc]:
    wanted = ("ServiceNamespace", "ResourceId", "ScalableDimension")
    given = {name: request[name] for name in wanted if name in request}
    return [doc for doc in docs if all(doc[name] == value for name, value in given.items())]


def paged(member: str, docs: list[Doc], request: Doc) -> Doc:
    page, token = paging.page(docs, request, 50)
    return {member: page, "NextToken": token}


def _tag_list(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def missing(message: str) -> AwsError:
    return AwsError("ObjectNotFoundException", message)
