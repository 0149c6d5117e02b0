"""Deployment configurations that UpdateEndpoint refuses, as AWS does."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.sagemaker.endpoints.guardrails import Plan, batch, check_fleets
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.models import Platform, variant
from tests.include.local_aws.refusals import refusal


def _size(value: int, kind: str = "CAPACITY_PERCENT") -> dict[str, Any]:
    return {"Type": kind, "Value": value}


def _routing(kind: str, **members: Any) -> dict[str, Any]:
    routing = {"Type": kind, "WaitIntervalInSeconds": 0} | members
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}


def _rolling(size: dict[str, Any], **members: Any) -> dict[str, Any]:
    policy = {"MaximumBatchSize": size, "WaitIntervalInSeconds": 0} | members
    return {"RollingUpdatePolicy": policy}


LONG = {"WaitIntervalInSeconds": 400, "LinearStepSize": _size(50)}


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (_routing("CANARY"), "CanarySize must be specified"),
        (_routing("CANARY", CanarySize=_size(51)), "must be at most 50%"),
        (_routing("CANARY", CanarySize=_size(2, "INSTANCE_COUNT")), "of 2 instances"),
        (_routing("LINEAR"), "LinearStepSize must be specified"),
        (_routing("LINEAR", LinearStepSize=_size(9)), "must be between 10% and 50%"),
        (_routing("ALL_AT_ONCE", CanarySize=_size(5)), "CanarySize cannot be specified"),
        (_rolling(_size(4)), "must be between 5% and 50%"),
        (_rolling(_size(2, "INSTANCE_COUNT")), "of 2 instances"),
        (_rolling(_size(50)) | _routing("ALL_AT_ONCE"), "Only one of"),
        (
            {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "nosuch"}]}},
            "alarms that do not exist: ['nosuch']",
        ),
        (
            {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "a"}, {"AlarmName": "a"}]}},
            "names an alarm twice: ['a', 'a']",
        ),
    ],
)
def test_contradictory_configuration_is_refused(
    platform: Platform, endpoint: str, config: dict[str, Any], message: str
) -> None:
    described = platform.sagemaker.describe_endpoint(EndpointName=endpoint)
    code, refused = refusal(
        platform.sagemaker.update_endpoint,
        EndpointName=endpoint,
        EndpointConfigName=described["EndpointConfigName"],
        DeploymentConfig=config,
    )
    assert code == "ValidationException"
    assert message in refused


def test_waits_must_fit_into_the_time_limit(platform: Platform, endpoint: str) -> None:
    config = _routing("LINEAR", **LONG)
    config["BlueGreenUpdatePolicy"]["MaximumExecutionTimeoutInSeconds"] = 800
    described = platform.sagemaker.describe_endpoint(EndpointName=endpoint)
    _, refused = refusal(
        platform.sagemaker.update_endpoint,
        EndpointName=endpoint,
        EndpointConfigName=described["EndpointConfigName"],
        DeploymentConfig=config,
    )
    assert "must be larger than the total waiting time of the deployment, 800 seconds" in refused


@pytest.mark.parametrize(
    ("names", "config", "message"),
    [
        (["Other"], _routing("ALL_AT_ONCE"), "same variant names"),
        (["AllTraffic", "Other"], _rolling(_size(50)), "same variant names"),
    ],
)
def test_variants_must_stay(
    platform: Platform, endpoint: str, names: list[str], config: dict[str, Any], message: str
) -> None:
    model = platform.model()
    other = platform.config(*(variant(model, name) for name in names))
    _, refused = refusal(
        platform.sagemaker.update_endpoint,
        EndpointName=endpoint,
        EndpointConfigName=other,
        DeploymentConfig=config,
    )
    assert message in refused


def _fleet(*names: str, **members: Any) -> dict[str, Any]:
    variants = [{"VariantName": name, "DesiredInstanceCount": 2} | members for name in names]
    return {"Variants": variants}


@pytest.mark.parametrize(
    ("fleet", "message"),
    [
        (_fleet("AllTraffic", ServerlessConfig={}), "does not support serverless endpoints"),
        (_fleet("First", "Second"), "endpoints with several production variants"),
    ],
)
def test_rolling_update_is_for_one_variant_of_instances(
    fleet: dict[str, Any], message: str
) -> None:
    with pytest.raises(AwsError, match=message):
        check_fleets(_rolling(_size(50)), fleet, fleet)


def test_unknown_alarm_is_refused_at_creation_too(platform: Platform, endpoint: str) -> None:
    described = platform.sagemaker.describe_endpoint(EndpointName=endpoint)
    _, refused = refusal(
        platform.sagemaker.create_endpoint,
        EndpointName=platform.unique("endpoint"),
        EndpointConfigName=described["EndpointConfigName"],
        DeploymentConfig={"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "nosuch"}]}},
    )
    assert "alarms that do not exist" in refused


@pytest.mark.parametrize(
    ("config", "shares"),
    [
        (None, [1.0]),
        (_routing("CANARY", CanarySize=_size(20)), [0.2, 1.0]),
        (_routing("CANARY", CanarySize=_size(1, "INSTANCE_COUNT")), [0.25, 1.0]),
        (_routing("LINEAR", LinearStepSize=_size(40)), [0.4, 0.8, 1.0]),
        (_routing("LINEAR", LinearStepSize=_size(2, "INSTANCE_COUNT")), [0.5, 1.0]),
    ],
)
def test_traffic_shifts_in_the_configured_steps(
    config: dict[str, Any], shares: list[float]
) -> None:
    steps = Plan.of(config).steps({"AllTraffic": 4})
    assert [step["AllTraffic"] for step in steps] == pytest.approx(shares)


def test_batches_are_whole_instances() -> None:
    assert batch(_size(5), 10) == 1
    assert batch(_size(50), 5) == 2
    assert batch(None, 7) == 7
