"""Target tracking: the alarms that AWS creates for it, and the capacity that policies require."""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING

from ..cloudwatch import alarms, queries
from ..core.store import Doc
from ..wire.errors import validation
from . import dimensions, stepping, targets

if TYPE_CHECKING:
    from ..core.account import Aws

KIND = "TargetTrackingScaling"
COOLDOWN = 300  # SageMaker's default for scaling in and out
MOST = 1e6  # instances, above every bound: a ratio may be infinite
SLACK = 0.9  # AWS scales in below 90 % of the target, to prevent oscillation


def metric_of(policy: Doc) -> Doc:
    """Return the members of an alarm for the metric of a target-tracking policy."""
    config = policy["TargetTrackingScalingPolicyConfiguration"]
    if config["TargetValue"] <= 0:
        raise validation(f"TargetValue {config['TargetValue']} must be greater than 0.")
    if custom := config.get("CustomizedMetricSpecification"):
        if queries_ := custom.get("Metrics"):
            return {"Metrics": _by_the_minute(queries_)}
        if not {"MetricName", "Namespace", "Statistic"} <= custom.keys():
            raise validation(
                "A CustomizedMetricSpecification needs MetricName, Namespace and Statistic, or "
                "Metrics."
            )
        return {
            k: custom[k] for k in ("MetricName", "Namespace", "Statistic", "Unit") if k in custom
        } | {"Dimensions": custom.get("Dimensions", [])}
    name = config.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    dimension = dimensions.of(policy)
    if name not in dimension.metrics:
        raise validation(
            f"Metric type {name} is not emulated for {policy['ScalableDimension']}. Use "
            f"{', '.join(dimension.metrics)} or a CustomizedMetricSpecification."
        )
    metric, statistic = dimension.metrics[name]
    names = zip(dimension.names, targets.place(policy), strict=True)
    return {
        "MetricName": metric,
        "Namespace": "AWS/SageMaker",
        "Statistic": statistic,
        "Dimensions": [{"Name": name, "Value": value} for name, value in names],
    }


def _by_the_minute(metric_queries: list[Doc]) -> list[Doc]:
    made = [
        query
        | ({"MetricStat": query["MetricStat"] | {"Period": 60}} if "MetricStat" in query else {})
        for query in metric_queries
    ]
    if problem := queries.problem(made):
        raise validation(f"CustomizedMetricSpecification: {problem}")
    return made


def low_alarm(policy: Doc) -> str | None:
    """Return the name of the alarm that scales in, if the policy has one."""
    names: list[str] = [alarm["AlarmName"] for alarm in policy["Alarms"]]
    low = [name for name in names if policy["PolicyType"] == KIND and "-AlarmLow-" in name]
    return low[0] if low else None


def put_alarms(aws: Aws, policy: Doc) -> list[Doc]:
    """Return AWS's two alarms: three minutes above the target, fifteen below 90 % of it."""
    metric = metric_of(policy)
    config = policy["TargetTrackingScalingPolicyConfiguration"]
    goal = config["TargetValue"]
    shapes = [("AlarmHigh", "GreaterThanThreshold", goal, 3)]
    if not config.get("DisableScaleIn"):
        shapes.append(("AlarmLow", "LessThanThreshold", goal * SLACK, 15))
    return [
        alarms.put(
            aws,
            metric
            | {
                "AlarmName": f"TargetTracking-{policy['ResourceId']}-{side}-{uuid.uuid4()}",
                "AlarmDescription": "DO NOT EDIT OR DELETE. For TargetTrackingScaling policy "
                f"{policy['PolicyARN']}.",
                "AlarmActions": [policy["PolicyARN"]],
                "ComparisonOperator": comparison,
                "Threshold": threshold,
                "EvaluationPeriods": periods,
            }
            | ({} if "Metrics" in metric else {"Period": 60}),
        )
        for side, comparison, threshold, periods in shapes
    ]


def cooldowns(policy: Doc) -> tuple[int, int]:
    """Return the seconds to wait after scaling out, and after scaling in."""
    if policy["PolicyType"] == "StepScaling":
        both = policy["StepScalingPolicyConfiguration"].get("Cooldown", COOLDOWN)
        return both, both
    config = policy["TargetTrackingScalingPolicyConfiguration"]
    return config.get("ScaleOutCooldown", COOLDOWN), config.get("ScaleInCooldown", COOLDOWN)


def wanted(policy: Doc, capacity: int, alarm: Doc, values: list[float]) -> int:
    """Return the capacity that *policy* requires when *alarm* fires; *values* are newest last.

    An alarm that was set by hand, or fires for missing data, has none: a step policy then applies
    the step at the threshold, and target tracking does not scale.
    """
    if policy["PolicyType"] == "StepScaling":
        breach = values[-1] - alarm["Threshold"] if values else 0.0
        return stepping.wanted(policy["StepScalingPolicyConfiguration"], capacity, breach)
    if not values:
        return capacity
    goal: float = policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]
    if alarm["ComparisonOperator"] == "LessThanThreshold":
        return min(capacity, _in_proportion(capacity, max(values) / goal))
    return _in_proportion(capacity, values[-1] / goal)


def _in_proportion(capacity: int, ratio: float) -> int:
    return math.ceil(min(capacity * ratio, MOST) - 1e-9)
