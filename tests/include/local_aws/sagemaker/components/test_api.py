"""Inference components on real endpoints, through boto3."""

from __future__ import annotations

import time
from typing import Any

import pytest

from include.local_aws.sagemaker.components import api
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.models import BROKEN, Platform
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.components.conftest import Board, Stored, specification


@pytest.fixture(scope="module")
def fleet(board: Board) -> str:
    return board.endpoint()


@pytest.fixture(scope="module")
def pair(board: Board, fleet: str) -> tuple[str, str]:
    """Return two components on one instance, which has no room for a third one."""
    return board.serving(fleet, "first"), board.serving(fleet, "second")


def test_each_component_answers_with_its_model(
    platform: Platform, fleet: str, pair: tuple[str, str]
) -> None:
    answers = [platform.invoke(fleet, "name", InferenceComponentName=name) for name in pair]
    assert answers == ["first", "second"]


def test_description_has_specification_and_copies(
    board: Board, fleet: str, pair: tuple[str, str]
) -> None:
    description = board.describe(pair[0])
    assert description["RuntimeConfig"] == {"DesiredCopyCount": 1, "CurrentCopyCount": 1}
    assert description["EndpointArn"].endswith(f":endpoint/{fleet}")
    needs = description["Specification"]["ComputeResourceRequirements"]
    assert needs == {"MinMemoryRequiredInMb": 1024, "NumberOfCpuCoresRequired": 1.0}
    assert set(board.listed(EndpointNameEquals=fleet)) == set(pair)
    assert board.listed(EndpointNameEquals=fleet, VariantNameEquals="Other") == []
    described = board.platform.sagemaker.describe_endpoint(EndpointName=fleet)
    (hosts,) = described["ProductionVariants"]
    assert (hosts["CurrentInstanceCount"], "DeployedImages" in hosts) == (1, False)


def test_copies_without_room_fail_with_awss_reason(
    board: Board, fleet: str, pair: tuple[str, str]
) -> None:
    third = board.create(fleet, board.platform.model())
    description = board.settled(third)
    assert description["InferenceComponentStatus"] == "Failed"
    assert description["FailureReason"].startswith("There is not enough hardware resources on the")
    board.delete(third)
    scaled = board.scale(pair[0], 2)
    assert scaled["FailureReason"].startswith("There is not enough hardware resources on the")
    assert scaled["RuntimeConfig"] == {"DesiredCopyCount": 1, "CurrentCopyCount": 1}


def test_requests_name_a_component_of_the_endpoint(
    platform: Platform, fleet: str, endpoint: str, pair: tuple[str, str]
) -> None:
    invoke = platform.runtime.invoke_endpoint
    code, message = refusal(invoke, EndpointName=fleet, Body=b"1")
    assert code == "ValidationError"
    assert message.startswith("Inference Component Name header is required for endpoints to which")
    _, message = refusal(invoke, EndpointName=fleet, Body=b"1", InferenceComponentName="none")
    assert "Inference Component none of account" in message
    _, message = refusal(invoke, EndpointName=endpoint, Body=b"1", InferenceComponentName=pair[0])
    assert message.startswith("Inference Component Name header is not allowed for endpoints to")


def test_component_scales_to_zero_and_back(
    platform: Platform, board: Board, fleet: str, pair: tuple[str, str]
) -> None:
    name = pair[0]
    none = {"DesiredCopyCount": 0, "CurrentCopyCount": 0}
    assert board.scale(name, 0)["RuntimeConfig"] == none
    code, message = refusal(
        platform.runtime.invoke_endpoint,
        EndpointName=fleet,
        Body=b"1",
        InferenceComponentName=name,
    )
    assert code == "ValidationError"
    assert message.startswith("Inference Component has no capacity to process this request.")
    assert platform.invoke(fleet, "name", InferenceComponentName=pair[1]) == "second"
    platform.sagemaker.update_inference_component(
        InferenceComponentName=name, RuntimeConfig={"CopyCount": 1}
    )
    board.settled(name)
    assert platform.invoke(fleet, "name", InferenceComponentName=name) == "first"
    wanted = {"NoCapacityInvocationFailures", "InvocationsPerCopy", "ModelLatency"}
    metrics = _metrics(platform, name, wanted)
    utilization = {"MemoryUtilizationNormalized", "CPUUtilizationNormalized"}
    assert wanted <= metrics
    assert utilization <= _metrics(platform, name, utilization)


def _metrics(platform: Platform, component: str, wanted: set[str]) -> set[str]:
    """Return the names of the component's metrics, once the *wanted* ones are there."""
    cloudwatch = platform.server.client("cloudwatch")
    place = [{"Name": "InferenceComponentName", "Value": component}]
    deadline = time.monotonic() + 20
    while True:
        names = {m["MetricName"] for m in cloudwatch.list_metrics(Dimensions=place)["Metrics"]}
        if wanted <= names or time.monotonic() > deadline:
            return names
        time.sleep(0.1)


def test_endpoint_with_components_is_not_deleted(
    platform: Platform, fleet: str, pair: tuple[str, str]
) -> None:
    code, message = refusal(platform.sagemaker.delete_endpoint, EndpointName=fleet)
    assert code == "ValidationException"
    assert pair[0] in message


def test_deleted_component_leaves_its_room(board: Board, fleet: str) -> None:
    own = board.endpoint()
    first = board.serving(own, cpus=2)
    board.delete(first)
    message = refusal(board.describe, name=first)[1]
    assert message.startswith("Could not find inference component")
    board.serving(own, cpus=2)


def test_model_that_fails_its_health_check_names_the_component(
    platform: Platform, board: Board
) -> None:
    name = board.create(board.endpoint(), board.platform.model(BROKEN))
    reason = board.settled(name)["FailureReason"]
    assert reason.startswith(f"The primary container for inference component {name} did not pass")
    logs = platform.server.client("logs")
    group = f"/aws/sagemaker/InferenceComponents/{name}"
    (stream,) = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert stream["logStreamName"].startswith("AllTraffic/i-")


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"RuntimeConfig": {"CopyCount": 0}}, "CopyCount larger than 0"),
        ({"VariantName": "Other"}, "has no variant Other. It has: AllTraffic"),
        ({"Specification": specification("none", memory=9000)}, "has too little"),
        ({"Specification": specification("none")}, "Could not find model"),
        ({"EndpointName": "none"}, "Could not find endpoint"),
        ({"Specification": None}, "Specification is required"),
        ({"Specifications": [{"InstanceType": "ml.m5.large"}]}, "Use Specification."),
    ],
)
def test_component_that_cannot_be_created_is_refused(
    board: Board, fleet: str, changes: dict[str, Any], complaint: str
) -> None:
    request: dict[str, Any] = {"EndpointName": fleet, "VariantName": "AllTraffic"}
    request |= {"InferenceComponentName": board.platform.unique("refused")}
    request |= {"RuntimeConfig": {"CopyCount": 1}} | changes
    request.setdefault("Specification", specification("none"))
    create = board.platform.sagemaker.create_inference_component
    given = {member: value for member, value in request.items() if value is not None}
    assert complaint in refusal(create, **given)[1]


def test_update_of_nothing_is_refused(board: Board, pair: tuple[str, str]) -> None:
    update = board.platform.sagemaker.update_inference_component
    assert "needs a Specification" in refusal(update, InferenceComponentName=pair[0])[1]


def test_endpoint_of_a_model_holds_no_components(board: Board, endpoint: str) -> None:
    message = refusal(board.create, endpoint=endpoint, model="none")[1]
    assert message.startswith("Inference Components are not supported in this Endpoint.")


def test_endpoint_that_is_not_in_service_takes_no_component(stored: Stored) -> None:
    """Wait for instances that change, or do not exist yet."""
    aws = stored.aws
    aws.store.update("endpoint", "churn", EndpointStatus="Updating", EndpointArn="arn:churn")
    request = {"InferenceComponentName": "big", "EndpointName": "churn"}
    with pytest.raises(AwsError, match=r'"arn:churn" is Updating\. Wait until it is InService\.'):
        api.create_inference_component(aws, request)
