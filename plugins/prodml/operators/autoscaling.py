"""Let the number of instances follow the traffic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.hooks.calls import patiently
from prodml.hooks.scaling import scaled_variant
from prodml.operators.base import AwsOperator
from prodml.vocabulary import Json

if TYPE_CHECKING:
    from airflow.sdk import Context

INVOCATIONS = "SageMakerVariantInvocationsPerInstance"


class AutoscalingOperator(AwsOperator):
    """
    Register a variant for target tracking; doing it again with other numbers changes them.

    Returns ``{"resource_id", "policy", "policy_arn", "min", "max", "target", "alarms"}``.

    :param endpoint: The endpoint, in service.
    :param variant: Its production variant.
    :param min_capacity: The fewest instances.
    :param max_capacity: The most instances.
    :param target: The value of the metric to hold: invocations per instance and minute by default.
    :param metric: A predefined metric type.
    :param scale_out_cooldown: Seconds to wait after instances were added.
    :param scale_in_cooldown: Seconds to wait after instances were removed.
    :param disable_scale_in: Never remove instances.
    :param policy_name: The policy's name; one of the same name is replaced.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "endpoint",
        "variant",
        "min_capacity",
        "max_capacity",
        "target",
        "scale_out_cooldown",
        "scale_in_cooldown",
        "policy_name",
    )

    def __init__(
        self,
        *,
        endpoint: str,
        variant: str = "AllTraffic",
        min_capacity: int | str = 1,
        max_capacity: int | str = 2,
        target: float | str = 1000.0,
        metric: str = INVOCATIONS,
        scale_out_cooldown: int | str = 300,
        scale_in_cooldown: int | str = 300,
        disable_scale_in: bool = False,
        policy_name: str = "prodml-target-tracking",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.endpoint = endpoint
        self.variant = variant
        self.min_capacity = min_capacity
        self.max_capacity = max_capacity
        self.target = target
        self.metric = metric
        self.scale_out_cooldown = scale_out_cooldown
        self.scale_in_cooldown = scale_in_cooldown
        self.disable_scale_in = disable_scale_in
        self.policy_name = policy_name

    def execute(self, context: Context) -> Json:
        scaling = self.aws.client("application-autoscaling")
        least, most = int(self.min_capacity), int(self.max_capacity)
        if least > most:
            raise ValueError(f"min_capacity {least} is above max_capacity {most}. Swap them.")
        scaled = scaled_variant(self.endpoint, self.variant)
        patiently(scaling.register_scalable_target, **scaled, MinCapacity=least, MaxCapacity=most)
        policy = patiently(
            scaling.put_scaling_policy,
            **scaled,
            PolicyName=self.policy_name,
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=self._tracking(),
        )
        self.log.info("%s holds %s between %d and %d", self.endpoint, self.target, least, most)
        return {
            "resource_id": scaled["ResourceId"],
            "policy": self.policy_name,
            "policy_arn": policy["PolicyARN"],
            "min": least,
            "max": most,
            "target": float(self.target),
            "alarms": [alarm["AlarmName"] for alarm in policy.get("Alarms", [])],
        }

    def _tracking(self) -> Json:
        return {
            "TargetValue": float(self.target),
            "PredefinedMetricSpecification": {"PredefinedMetricType": self.metric},
            "ScaleOutCooldown": int(self.scale_out_cooldown),
            "ScaleInCooldown": int(self.scale_in_cooldown),
            "DisableScaleIn": self.disable_scale_in,
        }
