"""Read, remove and restore an endpoint's registrations with Application Auto Scaling."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from prodml.aws.client import Aws, Clients
from prodml.aws.retries import delete, pages, with_retries
from prodml.company_rules import company_rules
from prodml.vocabulary import Json

log = logging.getLogger(__name__)
SERVICE = "sagemaker"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"
COPIES = "sagemaker:inference-component:DesiredCopyCount"
PLACE = ("ServiceNamespace", "ResourceId", "ScalableDimension")
TARGET = ("MinCapacity", "MaxCapacity", "SuspendedState")
POLICY = (
    "PolicyName",
    "PolicyType",
    "StepScalingPolicyConfiguration",
    "TargetTrackingScalingPolicyConfiguration",
)
ACTION = (
    "ScheduledActionName",
    "Schedule",
    "Timezone",
    "StartTime",
    "EndTime",
    "ScalableTargetAction",
)


def scaled_variant(endpoint: str, variant: str, dimension: str = DIMENSION) -> dict[str, str]:
    """Return the keys by which Application Auto Scaling identifies a variant's *dimension*."""
    resource = f"endpoint/{endpoint}/variant/{variant}"
    return dict(zip(PLACE, (SERVICE, resource, dimension), strict=True))


def scaled_component(name: str) -> dict[str, str]:
    """Return the keys by which Application Auto Scaling identifies a component's copies."""
    return dict(zip(PLACE, (SERVICE, f"inference-component/{name}", COPIES), strict=True))


def deregister_component(aws: Aws, name: str) -> None:
    """End the scaling of an inference component; its policies go with it."""
    delete(_client(aws).deregister_scalable_target, **scaled_component(name))


def targets(aws: Clients, endpoint: str, variants: Iterable[str] | None = None) -> list[Json]:
    """Return the scalable targets of *endpoint*, or of some of its *variants*."""
    if variants is not None:
        return targets_of(aws, [scaled_variant(endpoint, name) for name in variants])
    everything = _targets(aws)
    return [t for t in everything if t["ResourceId"].startswith(f"endpoint/{endpoint}/variant/")]


def targets_of(aws: Clients, places: Iterable[dict[str, str]]) -> list[Json]:
    """Return those of the scalable targets at *places* that are registered, at most 50."""
    wanted = [place["ResourceId"] for place in places]
    return _targets(aws, ResourceIds=wanted) if wanted else []


def _targets(aws: Clients, **wanted: Any) -> list[Json]:
    listed = pages(_client(aws).describe_scalable_targets, ServiceNamespace=SERVICE, **wanted)
    return [target for page in listed for target in page["ScalableTargets"]]


def place_of(target: Json) -> dict[str, str]:
    """Return the keys by which a described *target* is identified."""
    return {key: str(target[key]) for key in PLACE}


def register(aws: Aws, place: Json, target: Json) -> None:
    """Register the variant at *place*, or change what *target* states of it.

    A new one gets the company's tags; AWS refuses tags of one that is registered already.
    """
    client, tags = _client(aws), dict(company_rules().tags)
    request = {**place, **target}
    if tags:
        named = {"ServiceNamespace": SERVICE, "ResourceIds": [place["ResourceId"]]}
        if not with_retries(client.describe_scalable_targets, **named)["ScalableTargets"]:
            request["Tags"] = tags
    with_retries(client.register_scalable_target, **request)


def policies(aws: Clients, place: Json) -> list[Json]:
    """Return the scaling policies of one scalable target."""
    return _listed(aws, "describe_scaling_policies", "ScalingPolicies", place)


def actions(aws: Clients, place: Json) -> list[Json]:
    """Return the scheduled actions of one scalable target."""
    return _listed(aws, "describe_scheduled_actions", "ScheduledActions", place)


def registered(aws: Aws, endpoint: str, variants: Iterable[str]) -> list[Json]:
    """Return what :func:`restore` needs to register those of *variants* that are registered.

    Times are ISO text, so that the result can be stored as JSON.
    """
    return [_saved(aws, target) for target in targets(aws, endpoint, variants)]


def deregister(aws: Aws, saved: Iterable[Json]) -> None:
    """Deregister what :func:`registered` returned; its policies and schedules go with it."""
    for old in saved:
        delete(_client(aws).deregister_scalable_target, **old["place"])
        log.info("Deregistered %s during the update", old["place"]["ResourceId"])


def restore(aws: Aws, saved: Iterable[Json], variants: Iterable[str]) -> None:
    """Register again what :func:`deregister` removed, for those *variants* that still exist."""
    client, names = _client(aws), set(variants)
    for old in saved:
        place = old["place"]
        if place["ResourceId"].rpartition("/")[2] not in names:
            continue
        register(aws, place, old["target"])
        for policy in old["policies"]:
            made = with_retries(client.put_scaling_policy, **place, **policy["policy"])
            _follow(aws, policy["alarms"], policy["arn"], made["PolicyARN"])
        for action in old["actions"]:
            with_retries(client.put_scheduled_action, **place, **action)
        log.info("Registered %s again after the update", place["ResourceId"])


def _saved(aws: Aws, target: Json) -> Json:
    place = _part(target, PLACE)
    return {
        "place": place,
        "target": _part(target, TARGET),
        "policies": [
            {
                "policy": _part(policy, POLICY),
                "arn": policy["PolicyARN"],
                "alarms": [alarm["AlarmName"] for alarm in policy.get("Alarms", [])],
            }
            for policy in policies(aws, place)
        ],
        "actions": [_part(action, ACTION) for action in actions(aws, place)],
    }


def _follow(aws: Aws, names: list[str], old: str, new: str) -> None:
    """Point alarms at the policy's new ARN; AWS recreates those of target tracking itself."""
    cloudwatch = aws.client("cloudwatch")
    alarms = (
        with_retries(cloudwatch.describe_alarms, AlarmNames=names)["MetricAlarms"] if names else []
    )
    for alarm in alarms:
        if old in alarm.get("AlarmActions", []):
            request = {key: value for key, value in alarm.items() if key in ALARM}
            request["AlarmActions"] = [new if a == old else a for a in alarm["AlarmActions"]]
            with_retries(cloudwatch.put_metric_alarm, **request)


ALARM = frozenset(
    (
        *("AlarmName", "AlarmDescription", "ActionsEnabled", "AlarmActions", "OKActions"),
        *("InsufficientDataActions", "MetricName", "Namespace", "Statistic", "ExtendedStatistic"),
        *("Dimensions", "Period", "Unit", "EvaluationPeriods", "DatapointsToAlarm", "Threshold"),
        *("ComparisonOperator", "TreatMissingData", "Metrics"),
    )
)


def _listed(aws: Clients, operation: str, member: str, place: Json) -> list[Json]:
    listed = pages(getattr(_client(aws), operation), **_part(place, PLACE))
    return [item for page in listed for item in page[member]]


def _part(document: Json, keys: tuple[str, ...]) -> Json:
    return {key: _plain(document[key]) for key in keys if key in document}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _client(aws: Clients) -> Any:
    return aws.client("application-autoscaling")
