"""When an endpoint's variant gets more or fewer instances: policies and schedules, typed.

Numbers may be Jinja text where an operator renders them; they are checked once they are numbers:
at construction, else when the request is made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

from prodml.exceptions import InvalidInputError
from prodml.rendered import given
from prodml.vocabulary import Json, dimensions

INVOCATIONS = "SageMakerVariantInvocationsPerInstance"
PREFIX = "prodml-"  # of the names of what is ours
COOLDOWN = 300  # seconds, where none is given and none is registered
ADJUSTMENTS = ("ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity")


@dataclass
class Metric:
    """
    A CloudWatch metric of a variant, published by SageMaker or by anybody.

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
        """The metric as CloudWatch and Application Auto Scaling both name it."""
        found = self.dimensions or {"EndpointName": endpoint, "VariantName": variant}
        return {
            "Namespace": self.namespace,
            "MetricName": self.name,
            "Dimensions": dimensions(found),
            "Statistic": self.statistic,
        }


@dataclass
class TargetTracking:
    """
    Hold a metric near a value. What is None stays as a policy of this name has it already.

    :param target: The value; by default invocations per instance and minute.
    :param metric: A predefined metric type, or a metric of one's own.
    :param scale_out_cooldown: Seconds to wait after instances were added.
    :param scale_in_cooldown: Seconds to wait after instances were removed.
    :param disable_scale_in: Never remove instances.
    :param name: The policy's name; one of the same name is replaced.
    :param first: The target if none is given and there is no such policy yet.
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
        for which in ("scale_out_cooldown", "scale_in_cooldown"):
            _at_least_zero(which, getattr(self, which))

    def request(self, endpoint: str, variant: str, present: Json | None = None) -> Json:
        """The members of PutScalingPolicy that make this policy; *present* is what is described."""
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
            "DisableScaleIn": str(
                given(self.disable_scale_in, kept.get("DisableScaleIn", False))
            ).lower()
            == "true",
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
    """What to add, or with a negative *change* to take away, from *above* the threshold on."""

    above: float
    change: int


@dataclass
class StepScaling:
    """
    Add or take away instances, the more the further a metric is beyond a threshold.

    :param metric: The metric.
    :param threshold: Where the alarm fires.
    :param steps: In the order of their distance from the threshold; the first begins at it.
    :param below: Fire below the threshold: distances are negative then, and so is their order.
    :param adjustment: ``ChangeInCapacity``, ``PercentChangeInCapacity`` or ``ExactCapacity``.
    :param cooldown: Seconds after a step in which no other one is made.
    :param periods: Minutes beyond the threshold before the alarm fires.
    :param name: The policy's name, and the end of its alarm's.
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
                f"adjustment is {self.adjustment!r}; take one of {ADJUSTMENTS}."
            )
        distances = [-s.above if self.below else s.above for s in self.steps]
        rising = all(first < second for first, second in pairwise(distances))
        if not distances or distances[0] != 0 or not rising:
            raise InvalidInputError(
                f"The steps begin at {[s.above for s in self.steps]}; begin at 0, and go on "
                f"{'downwards' if self.below else 'upwards'}."
            )

    def request(self, endpoint: str, variant: str) -> Json:
        """The members of PutScalingPolicy that make this policy."""
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
        """The members of PutMetricAlarm that set this policy off, but for its name and action."""
        beyond = "LessThanOrEqualTo" if self.below else "GreaterThanOrEqualTo"
        return {
            **self.metric.request(endpoint, variant),
            "Period": 60,
            "EvaluationPeriods": self.periods,
            "Threshold": self.threshold,
            "ComparisonOperator": f"{beyond}Threshold",
            "TreatMissingData": "notBreaching",
        }


@dataclass
class Schedule:
    """
    Other bounds from some moment on, such as more instances on Monday mornings.

    :param name: What the action does.
    :param at: ``cron(...)``, ``rate(...)`` or ``at(...)``, as Application Auto Scaling has them.
    :param min_capacity: The fewest instances from then on.
    :param max_capacity: The most instances from then on.
    :param timezone: What the schedule's hours are.
    """

    name: str
    at: str
    min_capacity: int
    max_capacity: int
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        if not 0 <= self.min_capacity <= self.max_capacity:
            raise InvalidInputError(
                f"Schedule {self.name!r} goes from {self.min_capacity} to {self.max_capacity} "
                "instances; give a maximum that is no less."
            )
        if not self.at.startswith(("cron(", "rate(", "at(")):
            raise InvalidInputError(
                f"Schedule {self.name!r} is {self.at!r}; write cron(...), rate(...) or at(...)."
            )

    def request(self) -> Json:
        """The members of PutScheduledAction that make this schedule."""
        bounds = {"MinCapacity": self.min_capacity, "MaxCapacity": self.max_capacity}
        return {
            "ScheduledActionName": f"{PREFIX}{self.name}",
            "Schedule": self.at,
            "Timezone": self.timezone,
            "ScalableTargetAction": bounds,
        }


Policy = TargetTracking | StepScaling


@dataclass
class Scaling:
    """All that decides the number of a variant's instances, beside its bounds."""

    policies: Sequence[Policy] = field(default_factory=lambda: [TargetTracking()])
    schedules: Sequence[Schedule] = ()

    template_fields: ClassVar[Sequence[str]] = ("policies",)

    def __post_init__(self) -> None:
        names = [part.name for part in (*self.policies, *self.schedules)]
        if twice := {name for name in names if names.count(name) > 1}:
            raise InvalidInputError(
                f"{sorted(twice)} is the name of two of them. Give each its own."
            )


def _above_zero(name: str, value: Any) -> None:
    if not _is_open(value) and float(value) <= 0:
        raise InvalidInputError(f"{name} is {value}; give a number above 0.")


def _at_least_zero(name: str, value: Any) -> None:
    if not _is_open(value) and int(value) < 0:
        raise InvalidInputError(f"{name} is {value}; give seconds, 0 at least.")


def _is_open(value: Any) -> bool:
    """Not known yet, or not given."""
    return given(value) is None or (isinstance(value, str) and "{{" in value)
