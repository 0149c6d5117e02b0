from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.endpoints import api, snapshots
from include.local_aws.sagemaker.endpoints.fleet import Fleet
from tests.include.local_aws.models import BROKEN, IMAGE, Platform, variant
from tests.include.local_aws.refusals import refusal


@pytest.fixture(scope="module")
def described(platform: Platform) -> dict[str, Any]:
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 50,
        "DestinationS3Uri": f"s3://{platform.bucket}/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    }
    name = platform.endpoint(platform.config(variant(platform.model()), DataCaptureConfig=capture))
    waiter = platform.sagemaker.get_waiter("endpoint_in_service")
    waiter.wait(EndpointName=name, WaiterConfig={"Delay": 1})
    description: dict[str, Any] = platform.sagemaker.describe_endpoint(EndpointName=name)
    return description


def test_description_has_the_running_variants(described: dict[str, Any]) -> None:
    (variant,) = described["ProductionVariants"]
    (image,) = variant["DeployedImages"]
    assert image["SpecifiedImage"] == IMAGE
    assert re.search(r"/obedient@sha256:[0-9a-f]{64}$", image["ResolvedImage"])
    assert variant["CurrentInstanceCount"] == variant["DesiredInstanceCount"] == 1
    assert variant["CurrentWeight"] == variant["DesiredWeight"] == 1.0
    assert "FailureReason" not in described


def test_description_has_the_capture(described: dict[str, Any]) -> None:
    capture = described["DataCaptureConfig"]
    assert capture["CaptureStatus"] == "Started"
    assert capture["CurrentSamplingPercentage"] == 50


def test_taken_name_is_refused(platform: Platform, described: dict[str, Any]) -> None:
    code, message = refusal(
        platform.sagemaker.create_endpoint,
        EndpointName=described["EndpointName"],
        EndpointConfigName=described["EndpointConfigName"],
    )
    assert code == "ValidationException"
    arn = described["EndpointArn"]
    assert message == f'Cannot create already existing endpoint "{arn}".'


def test_unknown_configuration_is_refused(platform: Platform) -> None:
    code, message = refusal(
        platform.sagemaker.create_endpoint, EndpointName="e", EndpointConfigName="nosuch"
    )
    assert code == "ValidationException"
    assert message.startswith("Could not find endpoint configuration")


@pytest.mark.parametrize("verb", ["describe", "delete"])
def test_unknown_endpoint_is_refused(platform: Platform, verb: str) -> None:
    call = getattr(platform.sagemaker, f"{verb}_endpoint")
    code, message = refusal(call, EndpointName="nosuch")
    assert code == "ValidationException"
    assert message.startswith("Could not find endpoint")


def test_endpoint_in_progress_is_left_alone(platform: Platform) -> None:
    config = platform.config(variant(platform.model()))
    name = platform.endpoint(config)
    for call, request in (
        (platform.sagemaker.update_endpoint, {"EndpointConfigName": config}),
        (platform.sagemaker.delete_endpoint, {}),
    ):
        code, message = refusal(call, EndpointName=name, **request)
        assert code == "ValidationException"
        assert message.startswith("Cannot update in-progress endpoint")
    platform.settled(name)


def test_unknown_variant_cannot_be_scaled(platform: Platform, described: dict[str, Any]) -> None:
    _, message = refusal(
        platform.sagemaker.update_endpoint_weights_and_capacities,
        EndpointName=described["EndpointName"],
        DesiredWeightsAndCapacities=[{"VariantName": "Blue", "DesiredInstanceCount": 2}],
    )
    assert message.startswith('The variant name(s) "Blue" is/are not present')


def test_failed_endpoint_can_only_be_deleted(platform: Platform) -> None:
    config = platform.config(variant(platform.model(BROKEN)))
    name = platform.endpoint(config)
    with pytest.raises(WaiterError):
        platform.sagemaker.get_waiter("endpoint_in_service").wait(
            EndpointName=name, WaiterConfig={"Delay": 1}
        )
    code, _ = refusal(
        platform.sagemaker.update_endpoint, EndpointName=name, EndpointConfigName=config
    )
    assert code == "ValidationException"
    platform.sagemaker.delete_endpoint(EndpointName=name)
    platform.sagemaker.get_waiter("endpoint_deleted").wait(
        EndpointName=name, WaiterConfig={"Delay": 1}
    )


def test_list_filters_by_status_and_name(platform: Platform, described: dict[str, Any]) -> None:
    listed = platform.sagemaker.list_endpoints(
        NameContains=described["EndpointName"], StatusEquals="InService"
    )["Endpoints"]
    assert [item["EndpointStatus"] for item in listed] == ["InService"]


def test_deleted_endpoint_does_not_exist_and_its_name_is_free(platform: Platform) -> None:
    config = platform.config(variant(platform.model()))
    name = platform.endpoint(config)
    platform.settled(name)
    platform.sagemaker.delete_endpoint(EndpointName=name)
    waiter = platform.sagemaker.get_waiter("endpoint_deleted")
    waiter.wait(EndpointName=name, WaiterConfig={"Delay": 1})
    platform.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    assert platform.settled(name)["EndpointStatus"] == "InService"


@pytest.mark.parametrize(
    ("members", "kept"),
    [
        ({}, False),
        ({"RetainDeploymentConfig": True}, True),
        ({"RetainDeploymentConfig": False}, False),
    ],
)
def test_last_deployment_config_is_used_again_if_it_is_retained(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, members: dict[str, Any], kept: bool
) -> None:
    """Update all at once, and without alarms, unless it is retained."""
    size = {"Type": "CAPACITY_PERCENT", "Value": 50}
    config = {"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": 0}}
    spec = {"VariantName": "AllTraffic", "ModelName": "churn", "DesiredInstanceCount": 2}
    deployment = {"EndpointConfigName": "config", "Variants": [spec]}
    names = {"EndpointName": "churn", "EndpointArn": "arn:churn", "EndpointStatus": "InService"}
    doc = names | {"Deployment": deployment, "DeploymentConfig": config}
    aws.store.insert("endpoint", "churn", doc)
    aws.add(SimpleNamespace(update=lambda _: None), Fleet)
    monkeypatch.setattr(snapshots, "snapshot", lambda *_: deployment)
    api.update_endpoint(aws, {"EndpointName": "churn", "EndpointConfigName": "config"} | members)
    updated = aws.store.get("endpoint", "churn") or {}
    assert updated["Target"]["DeploymentConfig"] == (config if kept else None)
    assert updated["DeploymentConfig"] == config
