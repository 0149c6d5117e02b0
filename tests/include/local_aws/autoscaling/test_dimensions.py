from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.autoscaling import dimensions
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.autoscaling.world import World


def _target(resource: str, dimension: str) -> dict[str, Any]:
    target = {"ServiceNamespace": "sagemaker", "ScalableDimension": dimension}
    return target | {"ResourceId": resource, "MinCapacity": 0, "MaxCapacity": 2}


@pytest.fixture
def component(world: World) -> dict[str, Any]:
    """Return the target of a component that has two copies."""
    doc = {"InferenceComponentName": "fast", "InferenceComponentStatus": "InService"}
    world.aws.store.insert("inference-component", "fast", doc | {"CopyCount": 2})
    return _target("inference-component/fast", dimensions.COPIES)


def test_copies_are_tracked_by_the_components_metric(
    world: World, component: dict[str, Any]
) -> None:
    world.call("RegisterScalableTarget", **component)
    assert dimensions.capacity(world.aws, component) == 2
    place = {key: component[key] for key in ("ServiceNamespace", "ResourceId", "ScalableDimension")}
    predefined = {"PredefinedMetricType": "SageMakerInferenceComponentInvocationsPerCopy"}
    world.call(
        "PutScalingPolicy",
        **place,
        PolicyName="load",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 5.0,
            "PredefinedMetricSpecification": predefined,
        },
    )
    (alarm, _) = world.aws.store.list("alarm")
    assert alarm["MetricName"] == "InvocationsPerCopy"
    assert alarm["Dimensions"] == [{"Name": "InferenceComponentName", "Value": "fast"}]


def test_component_that_is_updated_is_not_scaled(world: World, component: dict[str, Any]) -> None:
    world.aws.store.update("inference-component", "fast", InferenceComponentStatus="Updating")
    assert dimensions.capacity(world.aws, component) is None


@pytest.mark.parametrize(
    ("resource", "dimension", "complaint"),
    [
        ("inference-component/none", dimensions.COPIES, "Could not find inference component"),
        ("endpoint/churn/variant/AllTraffic", dimensions.COPIES, "is not inference-component/<"),
        ("endpoint/churn/variant/AllTraffic", dimensions.CONCURRENCY, "no ProvisionedConcurrency"),
        ("endpoint/churn/variant/Other", dimensions.INSTANCES, "has no variant Other"),
        ("service/a/b", "ecs:service:DesiredCount", "are emulated, not ecs:service:DesiredCount"),
    ],
)
def test_resource_without_such_a_capacity_is_refused(
    world: World, resource: str, dimension: str, complaint: str
) -> None:
    with pytest.raises(AwsError, match=complaint):
        world.call("RegisterScalableTarget", **_target(resource, dimension))
