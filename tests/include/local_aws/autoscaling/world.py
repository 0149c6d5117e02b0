"""Autoscaling on a clock that the test moves, over an endpoint whose processes are only counted."""

from __future__ import annotations

import asyncio
from typing import Any

from include.local_aws import operations  # noqa: F401  (registers the handlers)
from include.local_aws.autoscaling import dimensions
from include.local_aws.autoscaling.autoscaler import Autoscaler
from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.account import Aws
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.sagemaker.endpoints import states

START = 1_700_000_040.0  # a whole minute


RESOURCE = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/churn/variant/AllTraffic",
    "ScalableDimension": dimensions.INSTANCES,
}


DIMENSIONS = {"EndpointName": "churn", "VariantName": "AllTraffic"}


class CountedFleet:
    """Replaces processes: every resize ends at once."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def flush_metrics(self) -> None:
        """Publish nothing: the test sets the metrics."""

    def resize(self, name: str) -> asyncio.Task[None]:
        states.move(self._aws, name, "InService")
        return asyncio.create_task(asyncio.sleep(0))


class World:
    """One endpoint with a scaling policy, and minutes that pass."""

    def __init__(self, aws: Aws, clock: ManualClock) -> None:
        self.aws, self.clock = aws, clock
        aws.store.insert("endpoint", "churn", _endpoint(aws))

    @property
    def instances(self) -> int:
        doc = self.aws.store.get("endpoint", "churn") or {}
        return int(doc["Deployment"]["Variants"][0]["DesiredInstanceCount"])

    def call(self, operation: str, **request: Any) -> Any:
        return OPERATIONS["application-autoscaling", operation](self.aws, request)

    def activities(self, **request: Any) -> list[dict[str, Any]]:
        """Return the activities, newest first."""
        response = self.call("DescribeScalingActivities", ServiceNamespace="sagemaker", **request)
        return list(response["ScalingActivities"])

    def schedule(self, expression: str, **members: Any) -> None:
        bounds = {"MinCapacity": 3, "MaxCapacity": 6}
        action = {"Schedule": expression, "ScalableTargetAction": bounds} | members
        self.call("PutScheduledAction", **RESOURCE, ScheduledActionName="morning", **action)

    def track(self, target: float = 100.0, low: int = 1, high: int = 4, **config: Any) -> None:
        self.call("RegisterScalableTarget", **RESOURCE, MinCapacity=low, MaxCapacity=high)
        metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
        tracking = {"TargetValue": target, "PredefinedMetricSpecification": metric} | config
        self.call(
            "PutScalingPolicy",
            **RESOURCE,
            PolicyName="follow",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=tracking,
        )

    def minutes(self, *loads: float | None) -> None:
        """Run minutes with the given invocations, spread over the instances."""

        async def pass_by() -> None:
            for load in loads:
                if load is not None:
                    self._publish(load / self.instances)
                self.clock.advance(60)
                self.aws.part(Autoscaler).tick()
                await asyncio.sleep(0.001)

        asyncio.run(pass_by())

    def _publish(self, per_instance: float) -> None:
        at = self.clock.now() + 1
        name = "InvocationsPerInstance"
        self.aws.part(Metrics).put("AWS/SageMaker", name, DIMENSIONS, per_instance, at=at)


def _endpoint(aws: Aws) -> dict[str, Any]:
    variant = {"VariantName": "AllTraffic", "ModelName": "churn", "DesiredInstanceCount": 1}
    variant |= {"DesiredWeight": 1.0}
    return {
        "EndpointName": "churn",
        "EndpointArn": aws.arn("endpoint/churn"),
        "EndpointConfigName": "churn-1",
        "EndpointStatus": "InService",
        "Deployment": {"Variants": [variant]},
    }


async def tick(aws: Aws) -> None:
    aws.part(Autoscaler).tick()
    await asyncio.sleep(0.001)


def follow_queue(world: World, **config: Any) -> None:
    """Add a second policy, on a custom metric."""
    custom = {"MetricName": "Queue", "Namespace": "Shop", "Statistic": "Average"}
    tracking = {"TargetValue": 10.0, "CustomizedMetricSpecification": custom} | config
    world.call(
        "PutScalingPolicy",
        **RESOURCE,
        PolicyName="queue",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
    )
