"""Application Auto Scaling of components and of provisioned concurrency, on real processes."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.include.local_aws.models import Platform
from tests.include.local_aws.sagemaker.components.conftest import Board
from tests.include.local_aws.sagemaker.endpoints.test_serverless import serverless

COPIES = "sagemaker:inference-component:DesiredCopyCount"
CONCURRENCY = "sagemaker:variant:DesiredProvisionedConcurrency"


def _target(scaling: Any, resource: str, dimension: str, low: int, high: int) -> dict[str, str]:
    target = {"ServiceNamespace": "sagemaker", "ResourceId": resource}
    target |= {"ScalableDimension": dimension}
    scaling.register_scalable_target(**target, MinCapacity=low, MaxCapacity=high)
    return target


def _until(reached: Any, within: float = 40) -> None:
    deadline = time.monotonic() + within
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_request_at_zero_copies_starts_one(platform: Platform, board: Board) -> None:
    """As AWS documents it: a step policy on an alarm of NoCapacityInvocationFailures."""
    endpoint = board.endpoint()
    component = board.serving(endpoint)
    board.scale(component, 0)
    scaling = platform.server.client("application-autoscaling")
    target = _target(scaling, f"inference-component/{component}", COPIES, 0, 2)
    policy = scaling.put_scaling_policy(
        **target,
        PolicyName="from-zero",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "ChangeInCapacity",
            "MetricAggregationType": "Maximum",
            "Cooldown": 60,
            "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
        },
    )
    platform.server.client("cloudwatch").put_metric_alarm(
        AlarmName=platform.unique("from-zero"),
        AlarmActions=[policy["PolicyARN"]],
        MetricName="NoCapacityInvocationFailures",
        Namespace="AWS/SageMaker",
        Dimensions=[{"Name": "InferenceComponentName", "Value": component}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
    )
    with pytest.raises(ClientError, match="no capacity to process this request"):
        platform.invoke(endpoint, "name", InferenceComponentName=component)
    _until(lambda: board.describe(component)["RuntimeConfig"]["CurrentCopyCount"] == 1)
    assert platform.invoke(endpoint, "name", InferenceComponentName=component) == "first"
    (activity, *_) = scaling.describe_scaling_activities(
        ServiceNamespace="sagemaker", ResourceId=target["ResourceId"]
    )["ScalingActivities"]
    assert activity["Description"] == "Setting desired copy count to 1."
    board.delete(component)
    targets = scaling.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[target["ResourceId"]]
    )
    assert targets["ScalableTargets"] == []


def test_provisioned_concurrency_follows_its_bounds(platform: Platform) -> None:
    config = {"MaxConcurrency": 4, "ProvisionedConcurrency": 1}
    endpoint = platform.serving(serverless(platform.model(), **config))
    scaling = platform.server.client("application-autoscaling")
    target = _target(scaling, f"endpoint/{endpoint}/variant/AllTraffic", CONCURRENCY, 2, 3)
    metric = {"PredefinedMetricType": "SageMakerVariantProvisionedConcurrencyUtilization"}
    scaling.put_scaling_policy(
        **target,
        PolicyName="use",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 0.7,
            "PredefinedMetricSpecification": metric,
        },
    )

    def provisioned() -> int:
        described = platform.sagemaker.describe_endpoint(EndpointName=endpoint)
        (variant,) = described["ProductionVariants"]
        return int(variant["CurrentServerlessConfig"]["ProvisionedConcurrency"])

    _until(lambda: provisioned() == 2)
    assert platform.settled(endpoint)["EndpointStatus"] == "InService"
    platform.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=endpoint,
        DesiredWeightsAndCapacities=[
            {"VariantName": "AllTraffic", "ServerlessUpdateConfig": {"ProvisionedConcurrency": 3}}
        ],
    )
    platform.settled(endpoint)
    assert provisioned() == 3
    cloudwatch = platform.server.client("cloudwatch")
    name = "ServerlessProvisionedConcurrencyUtilization"
    place = [{"Name": "EndpointName", "Value": endpoint}]
    _until(lambda: cloudwatch.list_metrics(MetricName=name, Dimensions=place)["Metrics"])
