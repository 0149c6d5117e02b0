"""Define scaling policies of an endpoint's variant, with types.

Numbers may be Jinja templates that an operator renders; they are checked once they are numbers, at
construction or when the request is built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from prodml.exceptions import InvalidInputError
from prodml.rendered import given, truth
from prodml.vocabulary import Json, dimensions

INVOCATIONS = "SageMakerVariantInvocationsPerInstance"
UTILIZATION = "SageMakerVariantProvisionedConcurrencyUtilization"
PREFIX = "prodml-"  # of the names of ProdML's policies and schedules
COOLDOWN = 300  # default, in seconds
ADJUSTMENTS = ("ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity")


@dataclass
class Metric:
    """
    A CloudWatch metric of a variant, published by SageMaker or by a custom source.

    :param namespace: Such as ``/aws/sagemaker/Endpoints``, which has CPUUtilization.
    :param name: The metric's name.
    :param statistic: ``Average``, ``Sum``, ``Minimum``, ``Maximum`` or ``SampleCount``.
    :param dimensions: EndpointName and VariantName if left out.
    """

    namespace: str
    name: str
    statistic: str = "Average"
    dimensions: Mapping[str, str] | None = None

    def request(self, endpoint: str, variant: str) -> Json:
        """Return the metric as CloudWatch and Application Auto Scaling take it."""
        place = self.dimensions or {"EndpointName": endpoint, "VariantName": variant}
        return {
            "Namespace": self.namespace,
            "MetricName": self.name,
            "Dimensions": dimensions(place),
            "Statistic": self.statistic,
        }


@dataclass
class TargetTracking:
    """
    Keep a metric near a target value; None keeps the value of the existing policy of this name.

    :param target: The value; by default invocations per instance and minute.
    :param metric: A predefined metric type, or a custom metric.
    :param scale_out_cooldown: Seconds to wait after instances were added.
    :param scale_in_cooldown: Seconds to wait after instances were removed.
    :param disable_scale_in: Never remove instances.
    :param name: The policy's name; a policy of the same name is replaced.
    :param first: The default target of a new policy.
    """

    target: float | str | None = 1000.0
    metric: str | Metric = INVOCATIONS
    scale_out_cooldown: int | str | None = 300
    scale_in_cooldown: int | str | None = 300
    disable_scale_in: bool | str | None = False
    name: str = f"{PREFIX}target-tracking"
    first: float = 1000.0

    template_fields: ClassVar[Sequence[str]] = (
        "target",
        "scale_out_cooldown",
        "scale_in_cooldown",
        "disable_scale_in",
    )

    def __post_init__(self) -> None:
        _above_zero("target", self.target)
        for cooldown in ("scale_out_cooldown", "scale_in_cooldown"):
            _at_least_zero(cooldown, getattr(self, cooldown))

    def request(self, endpoint: str, variant: str, present: Json | None = None) -> Json:
        """Return the members of PutScalingPolicy; *present* describes the existing policy."""
        self.__post_init__()
        kept = (present or {}).get("TargetTrackingScalingPolicyConfiguration", {})
        tracking: Json = {
            "TargetValue": float(given(self.target, kept.get("TargetValue", self.first))),
            "ScaleOutCooldown": int(
                given(self.scale_out_cooldown, kept.get("ScaleOutCooldown", COOLDOWN))
            ),
            "ScaleInCooldown": int(
                given(self.scale_in_cooldown, kept.get("ScaleInCooldown", COOLDOWN))
            ),
            "DisableScaleIn": truth(
                given(self.disable_scale_in, kept.get("DisableScaleIn", False))
            ),
        }
        if isinstance(self.metric, Metric):
            tracking["CustomizedMetricSpecification"] = self.metric.request(endpoint, variant)
        else:
            tracking["PredefinedMetricSpecification"] = {"PredefinedMetricType": self.metric}
        return {
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": tracking,
        }


@dataclass
class Step:
    """A scaling step: the *change* in instances from *above* the threshold on."""

    above: float
    change: int


@dataclass
class StepScaling:
    """
    Change the number of instances by steps; the further from a threshold, the larger the step.

    :param metric: The metric.
    :param threshold: The value at which the alarm fires.
    :param steps: Ordered by distance from the threshold; the first starts at 0.
    :param below: Fire below the threshold; distances are then negative and descend.
    :param adjustment: ``ChangeInCapacity``, ``PercentChangeInCapacity`` or ``ExactCapacity``.
    :param cooldown: Seconds between two steps.
    :param periods: Minutes beyond the threshold before the alarm fires.
    :param name: The policy's name; its alarm's name ends with it.
    """

    metric: Metric
    threshold: float
    steps: Sequence[Step]
    below: bool = False
    adjustment: str = "ChangeInCapacity"
    cooldown: int = 300
    periods: int = 1
    name: str = f"{PREFIX}step"

    def __post_init__(self) -> None:
        if self.adjustment not in ADJUSTMENTS:
            raise InvalidInputError(
                f"Invalid adjustment {self.adjustment!r}. Use one of {ADJUSTMENTS}."
            )
        distances = [-s.above if self.below else s.above for s in self.steps]
        rising = all(first < second for first, second in pairwise(distances))
        if not distances or distances[0] != 0 or not rising:
            raise InvalidInputError(
                f"Invalid steps at {[s.above for s in self.steps]}. Start at 0, in "
                f"{'descending' if self.below else 'ascending'} order."
            )

    def request(self, endpoint: str, variant: str) -> Json:
        """Return the members of PutScalingPolicy."""
        inner, outer = ("Upper", "Lower") if self.below else ("Lower", "Upper")
        ends = [step.above for step in self.steps[1:]] + [None]
        adjustments = []
        for step, end in zip(self.steps, ends, strict=True):
            interval: Json = {f"MetricInterval{inner}Bound": step.above}
            if end is not None:
                interval[f"MetricInterval{outer}Bound"] = end
            adjustments.append(interval | {"ScalingAdjustment": step.change})
        config = {
            "AdjustmentType": self.adjustment,
            "StepAdjustments": adjustments,
            "Cooldown": self.cooldown,
            "MetricAggregationType": "Average",
        }
        return {"PolicyType": "StepScaling", "StepScalingPolicyConfiguration": config}

    def alarm(self, endpoint: str, variant: str) -> Json:
        """Return the members of PutMetricAlarm, without its name and action."""
        beyond = "LessThanOrEqualTo" if self.below else "GreaterThanOrEqualTo"
        return {
            **self.metric.request(endpoint, variant),
            "Period": 60,
            "EvaluationPeriods": self.periods,
            "Threshold": self.threshold,
            "ComparisonOperator": f"{beyond}Threshold",
            "TreatMissingData": "notBreaching",
        }


Policy = TargetTracking | StepScaling


def _above_zero(name: str, value: Any) -> None:
    if not _is_open(value) and float(value) <= 0:
        raise InvalidInputError(f"{name} is {value}. Set a number above 0.")


def _at_least_zero(name: str, value: Any) -> None:
    if not _is_open(value) and int(value) < 0:
        raise InvalidInputError(f"{name} is {value}. Set seconds, at least 0.")


def _is_open(value: Any) -> bool:
    """Return whether *value* is a template, or left out."""
    return given(value) is None or (isinstance(value, str) and "{{" in value)
