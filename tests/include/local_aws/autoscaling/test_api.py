from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from include.local_aws.autoscaling import targets
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.autoscaling.world import RESOURCE, World
from tests.include.local_aws.models import Platform, variant
from tests.include.local_aws.refusals import refusal

TARGET = (
    5.0  # invocations per instance and compressed minute, a second here: little for a busy machine
)
DIMENSION = "sagemaker:variant:DesiredInstanceCount"


@pytest.fixture(scope="module")
def autoscaling(platform: Platform) -> Any:
    return platform.server.client("application-autoscaling")


@pytest.fixture
def resource(platform: Platform) -> dict[str, str]:
    """Return the scalable variant of a new endpoint."""
    name = platform.serving(variant(platform.model()))
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{name}/variant/AllTraffic",
        "ScalableDimension": DIMENSION,
    }


def _endpoint(resource: dict[str, str]) -> str:
    return resource["ResourceId"].split("/")[1]


def _track(autoscaling: Any, resource: dict[str, str]) -> dict[str, Any]:
    autoscaling.register_scalable_target(**resource, MinCapacity=1, MaxCapacity=2)
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    made: dict[str, Any] = autoscaling.put_scaling_policy(
        **resource,
        PolicyName="follow",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": TARGET,
            "PredefinedMetricSpecification": metric,
            "ScaleInCooldown": 60,
            "ScaleOutCooldown": 60,
        },
    )
    return made


def test_tags_are_for_a_new_target_alone(autoscaling: Any, resource: dict[str, str]) -> None:
    bounds = {"MinCapacity": 1, "MaxCapacity": 2}
    request = {**resource, **bounds, "Tags": {"team": "ml"}}
    autoscaling.register_scalable_target(**request)
    code, message = refusal(autoscaling.register_scalable_target, **request)
    assert code == "ValidationException"
    assert message.endswith("use the TagResource API.")


def test_policy_makes_the_two_alarms_of_aws(
    platform: Platform, autoscaling: Any, resource: dict[str, str]
) -> None:
    made = _track(autoscaling, resource)
    names = [alarm["AlarmName"] for alarm in made["Alarms"]]
    cloudwatch = platform.server.client("cloudwatch")
    alarms = cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert {(a["EvaluationPeriods"], a["Period"], a["Threshold"]) for a in alarms} == {
        (3, 60, TARGET),
        (15, 60, TARGET * 0.9),
    }
    assert all(made["PolicyARN"] in alarm["AlarmActions"] for alarm in alarms)
    (policy,) = autoscaling.describe_scaling_policies(**resource)["ScalingPolicies"]
    assert [alarm["AlarmName"] for alarm in policy["Alarms"]] == names


def test_load_starts_a_second_process_and_quiet_ends_it(
    platform: Platform, autoscaling: Any, resource: dict[str, str]
) -> None:
    _track(autoscaling, resource)
    name = _endpoint(resource)
    ended = threading.Event()
    failures: list[Exception] = []

    def call() -> None:
        while not ended.is_set():
            try:
                platform.invoke(name, "1")
            except Exception as error:  # noqa: BLE001  (the test asserts no error)
                failures.append(error)
            time.sleep(0.005)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    _wait_for_instances(platform, name, 2, within=90)
    ended.set()
    thread.join()
    assert failures == []
    assert len({platform.invoke(name, "who") for _ in range(8)}) == 2
    _wait_for_instances(platform, name, 1, within=90)
    activities = autoscaling.describe_scaling_activities(**resource)["ScalingActivities"]
    assert ["-AlarmLow-" in activities[0]["Cause"], "-AlarmHigh-" in activities[1]["Cause"]] == [
        True,
        True,
    ]


def _wait_for_instances(platform: Platform, name: str, count: int, within: float) -> None:
    deadline = time.monotonic() + within
    endpoint: dict[str, Any] = {}
    while time.monotonic() < deadline:
        endpoint = platform.sagemaker.describe_endpoint(EndpointName=name)
        if endpoint["ProductionVariants"][0]["CurrentInstanceCount"] == count:
            return
        time.sleep(0.1)
    raise TimeoutError(f"{name} never had {count} instances: {endpoint}")


def test_target_needs_an_endpoint(autoscaling: Any) -> None:
    code, message = refusal(
        autoscaling.register_scalable_target,
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/nosuch/variant/AllTraffic",
        ScalableDimension=DIMENSION,
        MinCapacity=1,
        MaxCapacity=2,
    )
    assert code == "ValidationException"
    assert message.startswith("Could not find endpoint")


def test_policy_needs_a_target(autoscaling: Any, resource: dict[str, str]) -> None:
    code, message = refusal(
        autoscaling.put_scaling_policy, **resource, PolicyName="p", PolicyType="StepScaling"
    )
    assert code == "ObjectNotFoundException"
    assert message.startswith("No scalable target registered for service namespace: sagemaker")


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"MaxCapacity": 2}, "MinCapacity is required to register a new scalable target."),
        ({"MinCapacity": 1}, "MaxCapacity is required to register a new scalable target."),
        ({"MinCapacity": -1, "MaxCapacity": 2}, "Minimum capacity cannot be less than 0"),
        (
            {"MinCapacity": 3, "MaxCapacity": 2},
            "Maximum capacity cannot be less than minimum capacity",
        ),
    ],
)
def test_bounds_of_a_target_are_checked(world: World, bounds: dict[str, int], message: str) -> None:
    with pytest.raises(AwsError, match=message):
        world.call("RegisterScalableTarget", **RESOURCE, **bounds)
    assert world.aws.store.list(targets.TARGET) == []


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("PredictiveScaling", "PredictiveScaling is not emulated. Use TargetTrackingScaling."),
        ("StepScaling", "A StepScaling policy needs a StepScalingPolicyConfiguration."),
    ],
)
def test_kind_of_a_policy_is_checked(world: World, kind: str, message: str) -> None:
    world.call("RegisterScalableTarget", **RESOURCE, MinCapacity=1, MaxCapacity=2)
    with pytest.raises(AwsError, match=message):
        world.call("PutScalingPolicy", **RESOURCE, PolicyName="a", PolicyType=kind)
    assert world.aws.store.list(targets.POLICY) == []


def test_target_can_be_changed_in_part(autoscaling: Any, resource: dict[str, str]) -> None:
    autoscaling.register_scalable_target(**resource, MinCapacity=1, MaxCapacity=2)
    autoscaling.register_scalable_target(**resource, MaxCapacity=4)
    (target,) = autoscaling.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[resource["ResourceId"]]
    )["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 4)


def test_tags_are_kept(autoscaling: Any, resource: dict[str, str]) -> None:
    arn = autoscaling.register_scalable_target(
        **resource, MinCapacity=1, MaxCapacity=2, Tags={"team": "churn"}
    )["ScalableTargetARN"]
    autoscaling.tag_resource(ResourceARN=arn, Tags={"stage": "test"})
    autoscaling.untag_resource(ResourceARN=arn, TagKeys=["team"])
    assert autoscaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"stage": "test"}


def test_deleting_the_endpoint_deregisters_it(
    platform: Platform, autoscaling: Any, resource: dict[str, str]
) -> None:
    alarms = _track(autoscaling, resource)["Alarms"]
    platform.sagemaker.delete_endpoint(EndpointName=_endpoint(resource))
    assert autoscaling.describe_scaling_policies(**resource)["ScalingPolicies"] == []
    assert not autoscaling.describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[resource["ResourceId"]]
    )["ScalableTargets"]
    names = [alarm["AlarmName"] for alarm in alarms]
    cloudwatch = platform.server.client("cloudwatch")
    assert cloudwatch.describe_alarms(AlarmNames=names)["MetricAlarms"] == []


def test_registered_variant_cannot_be_replaced(
    platform: Platform, autoscaling: Any, resource: dict[str, str]
) -> None:
    autoscaling.register_scalable_target(**resource, MinCapacity=1, MaxCapacity=2)
    config = platform.config(variant(platform.model(), InstanceType="ml.c5.large"))
    _, message = refusal(
        platform.sagemaker.update_endpoint,
        EndpointName=_endpoint(resource),
        EndpointConfigName=config,
    )
    assert "must be deregistered as scalable targets" in message


def test_deregistered_target_is_unknown(autoscaling: Any, resource: dict[str, str]) -> None:
    autoscaling.register_scalable_target(**resource, MinCapacity=1, MaxCapacity=2)
    autoscaling.deregister_scalable_target(**resource)
    code, _ = refusal(autoscaling.deregister_scalable_target, **resource)
    assert code == "ObjectNotFoundException"


def test_step_policy_lists_the_alarms_that_trigger_it(
    platform: Platform, autoscaling: Any, resource: dict[str, str]
) -> None:
    autoscaling.register_scalable_target(**resource, MinCapacity=1, MaxCapacity=2)
    steps = [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}]
    arn = autoscaling.put_scaling_policy(
        **resource,
        PolicyName="steps",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={
            "AdjustmentType": "ChangeInCapacity",
            "StepAdjustments": steps,
        },
    )["PolicyARN"]
    alarm = platform.unique("alarm")
    platform.server.client("cloudwatch").put_metric_alarm(
        AlarmName=alarm,
        Namespace="Shop",
        MetricName="Queue",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[arn],
    )
    (policy,) = autoscaling.describe_scaling_policies(**resource)["ScalingPolicies"]
    assert [trigger["AlarmName"] for trigger in policy["Alarms"]] == [alarm]


def test_step_policy_is_checked(autoscaling: Any, resource: dict[str, str]) -> None:
    autoscaling.register_scalable_target(**resource, MinCapacity=1, MaxCapacity=2)
    code, message = refusal(
        autoscaling.put_scaling_policy,
        **resource,
        PolicyName="steps",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration={"AdjustmentType": "ChangeInCapacity"},
    )
    assert (code, message[:30]) == ("ValidationException", "At least one StepAdjustment mu")


def test_asynchronous_endpoint_scales_from_zero_for_its_backlog(
    platform: Platform, autoscaling: Any
) -> None:
    """From no instance to one, as AWS's guide has it: a step on HasBacklogWithoutCapacity."""
    output = {"S3OutputPath": f"s3://{platform.bucket}/backlog"}
    name = platform.serving(
        variant(platform.model()), AsyncInferenceConfig={"OutputConfig": output}
    )
    place = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{name}/variant/AllTraffic",
        "ScalableDimension": DIMENSION,
    }
    autoscaling.register_scalable_target(**place, MinCapacity=0, MaxCapacity=0)
    _wait_for_instances(platform, name, 0, within=30)
    autoscaling.register_scalable_target(**place, MaxCapacity=1)
    steps = [{"MetricIntervalLowerBound": 0.0, "ScalingAdjustment": 1}]
    config = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": steps, "Cooldown": 60}
    arn = autoscaling.put_scaling_policy(
        **place,
        PolicyName="wake",
        PolicyType="StepScaling",
        StepScalingPolicyConfiguration=config,
    )["PolicyARN"]
    platform.server.client("cloudwatch").put_metric_alarm(
        AlarmName=platform.unique("backlog"),
        Namespace="AWS/SageMaker",
        MetricName="HasBacklogWithoutCapacity",
        Dimensions=[{"Name": "EndpointName", "Value": name}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[arn],
    )
    sent = platform.runtime.invoke_endpoint_async(EndpointName=name, Body=b"late")
    _wait_for_instances(platform, name, 1, within=60)
    key = sent["OutputLocation"].removeprefix(f"s3://{platform.bucket}/")
    platform.s3.get_waiter("object_exists").wait(
        Bucket=platform.bucket, Key=key, WaiterConfig={"Delay": 1}
    )
