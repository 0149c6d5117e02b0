"""An update to another instance type keeps what autoscaling has set."""

from __future__ import annotations

import time
from typing import Any

import pytest
from prodml.exceptions import DeploymentError
from prodml.operators.autoscaling import AutoscalingOperator

from include.local_aws.testing import Server
from tests.plugins.runs import Ti, deploying, run


def _deploy(endpoint: str, package: str, ti: Ti, **arguments: Any) -> dict[str, Any]:
    operator = deploying(endpoint, package, **arguments)
    return dict(run(operator, ti))


def test_another_instance_type_keeps_scaling_and_instances(
    endpoint: str, package: str, server: Server, sagemaker: Any, ti: Ti
) -> None:
    """AWS refuses to change the type of a variant that is registered with autoscaling."""
    _deploy(endpoint, package, ti)
    scale = AutoscalingOperator(task_id="scale", endpoint=endpoint, min_capacity=2, max_capacity=3)
    place = {"ServiceNamespace": "sagemaker", "ResourceId": run(scale, ti)["resource_id"]}
    scaling = server.client("application-autoscaling")
    nightly = place | {"ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
    scaling.put_scheduled_action(
        **nightly,
        ScheduledActionName="nightly",
        Schedule="cron(0 20 * * ? *)",
        ScalableTargetAction={"MinCapacity": 2, "MaxCapacity": 2},
    )
    before = _scaling(scaling, place)
    _until_instances(sagemaker, endpoint, 2)
    fault = {"resource": "endpoint", "event": "update-fails", "name": endpoint}
    with server.faults(fault), pytest.raises(DeploymentError, match="An injected fault"):
        _deploy(endpoint, package, ti, instance_type="ml.c5.xlarge")
    assert _scaling(scaling, place) == before
    result = _deploy(endpoint, package, ti, instance_type="ml.c5.xlarge")
    assert (result["changed"], result["instances"]) == (True, 2)
    assert _scaling(scaling, place) == before


def _until_instances(sagemaker: Any, endpoint: str, count: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        description = sagemaker.describe_endpoint(EndpointName=endpoint)
        variant = description["ProductionVariants"][0]
        if (
            variant["CurrentInstanceCount"] == count
            and description["EndpointStatus"] == "InService"
        ):
            return
        time.sleep(0.05)
    raise TimeoutError(f"{endpoint} has not {count} instances: {description}")


def _scaling(scaling: Any, place: dict[str, str]) -> list[Any]:
    target = scaling.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[place["ResourceId"]]
    )["ScalableTargets"][0]
    policy = scaling.describe_scaling_policies(**place)["ScalingPolicies"][0]
    action = scaling.describe_scheduled_actions(**place)["ScheduledActions"][0]
    return [
        (target["MinCapacity"], target["MaxCapacity"], target["SuspendedState"]),
        (policy["PolicyName"], policy["TargetTrackingScalingPolicyConfiguration"]),
        (action["ScheduledActionName"], action["Schedule"], action["ScalableTargetAction"]),
    ]
