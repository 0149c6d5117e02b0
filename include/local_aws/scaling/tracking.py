"""Target tracking and step scaling: the alarms they need, and the capacity they ask for."""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING

from include.local_aws.scaling import alarms, targets
from include.local_aws.store import Doc
from include.local_aws.wire.errors import validation

if TYPE_CHECKING:
    from include.local_aws.context import Aws

COOLDOWN = 300  # SageMaker's default, in and out
SLACK = 0.9  # AWS scales in below 90 % of the target, so that it does not swing
PREDEFINED = {
    "SageMakerVariantInvocationsPerInstance": ("InvocationsPerInstance", "Sum"),
    "SageMakerVariantProvisionedConcurrencyUtilization": (
        "ServerlessProvisionedConcurrencyUtilization",
        "Maximum",
    ),
}


def metric_of(policy: Doc) -> Doc:
    """The alarm members that say which metric a target-tracking policy follows."""
    config = policy["TargetTrackingScalingPolicyConfiguration"]
    if custom := config.get("CustomizedMetricSpecification"):
        if "MetricName" not in custom:
            raise validation("Metric math in target tracking is not emulated: name one metric.")
        return {
            k: custom[k] for k in ("MetricName", "Namespace", "Statistic", "Unit") if k in custom
        } | {"Dimensions": custom.get("Dimensions", [])}
    name = config.get("PredefinedMetricSpecification", {}).get("PredefinedMetricType")
    if name not in PREDEFINED:
        raise validation(
            f"Metric type {name} is not emulated for SageMaker variants. Use one of "
            f"{', '.join(PREDEFINED)} or a CustomizedMetricSpecification."
        )
    metric, statistic = PREDEFINED[name]
    endpoint, variant = targets.place(policy)
    return {
        "MetricName": metric,
        "Namespace": "AWS/SageMaker",
        "Statistic": statistic,
        "Dimensions": [
            {"Name": "EndpointName", "Value": endpoint},
            {"Name": "VariantName", "Value": variant},
        ],
    }


def put_alarms(aws: Aws, policy: Doc) -> list[Doc]:
    """The two alarms that AWS makes: three minutes above the target, fifteen well below it."""
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
                "Period": 60,
            },
        )
        for side, comparison, threshold, periods in shapes
    ]


def cooldowns(policy: Doc) -> tuple[int, int]:
    """Seconds to wait after scaling out, and after scaling in."""
    if policy["PolicyType"] == "StepScaling":
        both = policy["StepScalingPolicyConfiguration"].get("Cooldown", COOLDOWN)
        return both, both
    config = policy["TargetTrackingScalingPolicyConfiguration"]
    return config.get("ScaleOutCooldown", COOLDOWN), config.get("ScaleInCooldown", COOLDOWN)


def wanted(policy: Doc, capacity: int, alarm: Doc, values: list[float]) -> int:
    """The capacity that *policy* asks for when *alarm* fires over *values*, the newest last."""
    if policy["PolicyType"] == "StepScaling":
        return _stepped(policy["StepScalingPolicyConfiguration"], capacity, alarm, values[-1])
    goal: float = policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]
    if alarm["ComparisonOperator"] == "LessThanThreshold":
        return min(capacity, math.ceil(capacity * max(values) / goal - 1e-9))
    return math.ceil(capacity * values[-1] / goal - 1e-9)


def _stepped(config: Doc, capacity: int, alarm: Doc, value: float) -> int:
    """The capacity after the step whose interval holds the distance from the threshold."""
    breach = value - alarm["Threshold"]
    for step in config.get("StepAdjustments", []):
        low = step.get("MetricIntervalLowerBound", -math.inf)
        high = step.get("MetricIntervalUpperBound", math.inf)
        if low <= breach < high or (breach < 0 and low < breach <= high):
            return _adjusted(config, capacity, step["ScalingAdjustment"])
    return capacity


def _adjusted(config: Doc, capacity: int, adjustment: int) -> int:
    kind: str = config.get("AdjustmentType", "ChangeInCapacity")
    if kind == "ExactCapacity":
        return adjustment
    if kind == "ChangeInCapacity":
        return capacity + adjustment
    change = capacity * adjustment / 100
    whole = math.floor(change) if change > 1 else math.ceil(change) if change < -1 else 0
    whole = whole or int(math.copysign(1, adjustment))
    least = config.get("MinAdjustmentMagnitude", 0)
    return capacity + int(math.copysign(max(abs(whole), least), adjustment))
