"""The scaling of an endpoint: bounds, policies, and activities of all variants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prodml.autoscaling.registrations import CONCURRENCY, scaled_component, scaled_variant
from prodml.studio.endpoints.scaling import Scaling, scaling

from tests.plugins.answers import Answers, refusal

POLICY = {
    "PolicyName": "requests",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 100.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "Invocations"},
    },
    "Alarms": [{"AlarmName": "TargetTracking-high"}, {"AlarmName": "TargetTracking-low"}],
}
CUSTOM = {
    "PolicyName": "latency",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 0.5,
        "CustomizedMetricSpecification": {"MetricName": "ModelLatency"},
    },
}


def _target(variant: str, **members: Any) -> dict[str, Any]:
    return scaled_variant("churn", variant) | {"MinCapacity": 1, "MaxCapacity": 3} | members


def _activities(ResourceId: str, **_: Any) -> dict[str, Any]:  # noqa: N803
    hour = 12 if ResourceId.endswith("Blue") else 13
    activity = {
        "StartTime": datetime(2026, 11, 29, hour, tzinfo=UTC),
        "StatusCode": "Successful",
        "Cause": f"alarm of {ResourceId}",
        "NotScaledReasons": [{"Code": "AlreadyAtMaxCapacity"}],
    }
    return {"ScalingActivities": [activity]}


def _account(policies: list[Any], *targets: Any, activities: Any = _activities) -> Any:
    return Answers(
        describe_scalable_targets={"ScalableTargets": list(targets)},
        describe_scaling_policies={"ScalingPolicies": policies},
        describe_scaling_activities=activities,
    )


def test_each_policy_of_a_variant_has_its_metric_and_value() -> None:
    suspended = {"DynamicScalingInSuspended": False, "DynamicScalingOutSuspended": True}
    aws = _account([POLICY, CUSTOM], _target("Blue", SuspendedState=suspended))
    shown = scaling(aws, "churn", ["Blue"])
    assert shown["targets"][0] == {
        "scaled": "Blue",
        "least": 1,
        "most": 3,
        "suspended": True,
        "policy": "requests",
        "kind": "TargetTrackingScaling",
        "metric": "Invocations",
        "value": 100.0,
    }
    second = shown["targets"][1]
    assert (second["policy"], second["metric"], second["value"]) == ("latency", "ModelLatency", 0.5)
    assert shown["alarms"] == ["TargetTracking-high", "TargetTracking-low"]


def test_a_variant_without_a_policy_keeps_its_bounds() -> None:
    (target,) = scaling(_account([], _target("Blue")), "churn", ["Blue"])["targets"]
    assert (target["least"], target["most"], target["suspended"]) == (1, 3, False)
    assert (target["policy"], target["metric"], target["value"]) == ("", "", None)


def test_activities_of_all_variants_are_shown_newest_first() -> None:
    aws = _account([], _target("Blue"), _target("Green"))
    green, blue = scaling(aws, "churn", ["Blue", "Green"])["activities"]
    assert (green["scaled"], blue["scaled"]) == ("Green", "Blue")
    assert green == {
        "scaled": "Green",
        "started": "2026-11-29T13:00:00+00:00",
        "ended": None,
        "status": "Successful",
        "description": "",
        "cause": "alarm of endpoint/churn/variant/Green",
        "not_scaled": ["AlreadyAtMaxCapacity"],
    }


def test_components_and_serverless_variants_are_read_by_their_own_dimension() -> None:
    serverless = scaled_variant("churn", "Blue", CONCURRENCY)
    bounds = {"MinCapacity": 0, "MaxCapacity": 2}
    aws = _account([POLICY], serverless | bounds, scaled_component("wine") | bounds)
    shown = scaling(aws, "churn", ["Blue"], ["wine"])
    assert [target["scaled"] for target in shown["targets"]] == ["Blue", "wine"]
    (_, asked), *others = aws.calls
    assert asked["ResourceIds"] == ["endpoint/churn/variant/Blue", "inference-component/wine"]
    dimensions = {request["ScalableDimension"] for _, request in others}
    assert dimensions == {CONCURRENCY, "sagemaker:inference-component:DesiredCopyCount"}


def test_activities_that_aws_denies_leave_the_rest() -> None:
    aws = _account([POLICY], _target("Blue"), activities=refusal("AccessDeniedException"))
    shown = scaling(aws, "churn", ["Blue"])
    assert (shown["activities"], len(shown["targets"])) == ([], 1)


def test_what_is_not_registered_has_no_scaling() -> None:
    none: Scaling = {"targets": [], "activities": [], "alarms": []}
    assert scaling(_account([]), "churn", ["Blue"]) == none
    assert scaling(_account([], _target("Blue")), "churn", []) == none
