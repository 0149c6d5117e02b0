"""Specifications of inference components: their checks and the containers that they mean."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.components.specification import (
    check,
    containers_of,
    merged,
    summary,
)
from include.local_aws.sagemaker.models.models import MODEL
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.models import IMAGE, ROLE

VARIANT = {"VariantName": "AllTraffic", "InstanceType": "ml.m5.large"}  # of 2 vCPUs and 8 GiB
OWN = {"Container": {"Image": IMAGE, "ArtifactUrl": "s3://models/a.tar.gz"}}


def needs(**requirements: float) -> dict[str, Any]:
    return {"ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024} | requirements}


@pytest.mark.parametrize(
    "specification",
    [
        {"ModelName": "a"} | needs(),
        {"ModelName": "a"} | needs(MinMemoryRequiredInMb=8192, NumberOfCpuCoresRequired=2),
        OWN | needs(MaxMemoryRequiredInMb=1024),
        {"ModelName": "a", "Container": {"Environment": {"LEVEL": "1"}}} | needs(),
    ],
    ids=["model", "whole-instance", "container", "environment"],
)
def test_specification_that_an_instance_can_hold(specification: dict[str, Any]) -> None:
    check(specification, VARIANT)


@pytest.mark.parametrize(
    ("specification", "complaint"),
    [
        (needs(), "either a ModelName or a Container with an Image"),
        ({"ModelName": "a"} | OWN | needs(), "either a ModelName or a Container with an Image"),
        ({"ModelName": "a"}, "needs ComputeResourceRequirements"),
        (
            {"ModelName": "a"} | needs(MaxMemoryRequiredInMb=512),
            "MaxMemoryRequiredInMb 512 is below MinMemoryRequiredInMb 1024. Raise it.",
        ),
        ({"ModelName": "a"} | needs(NumberOfCpuCoresRequired=3), "ml.m5.large has too little"),
        (
            {"ModelName": "a"} | needs(NumberOfAcceleratorDevicesRequired=1),
            "ml.m5.large has too little",
        ),
        (
            {"BaseInferenceComponentName": "base"} | needs(),
            "BaseInferenceComponentName of a Specification is not emulated",
        ),
    ],
)
def test_specification_that_cannot_be_served_is_refused(
    specification: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(AwsError) as refused:
        check(specification, VARIANT)
    assert refused.value.code == "ValidationException"
    assert complaint in refused.value.message


@pytest.fixture
def model(aws: Aws) -> str:
    container = {"Image": IMAGE, "Environment": {"LEVEL": "1", "MODE": "plain"}}
    other = "arn:aws:iam::000000000000:role/of-the-model"
    members = {"PrimaryContainer": container, "ExecutionRoleArn": other}
    aws.store.insert(MODEL.kind, "a", {"ModelName": "a"} | members)
    return "a"


def test_model_runs_with_the_role_of_the_endpoint_and_the_variables_of_the_component(
    aws: Aws, model: str
) -> None:
    specification = {"ModelName": model, "Container": {"Environment": {"LEVEL": "2"}}}
    (container,) = containers_of(aws, specification, {"ExecutionRoleArn": ROLE})
    assert container["ExecutionRoleArn"] == ROLE
    assert container["Environment"] == {"LEVEL": "2", "MODE": "plain"}
    assert "EnableNetworkIsolation" not in container


def test_container_of_its_own_is_isolated_as_the_endpoint_is(aws: Aws) -> None:
    deployment = {"ExecutionRoleArn": ROLE, "EnableNetworkIsolation": True}
    assert containers_of(aws, OWN, deployment) == [
        {
            "Image": IMAGE,
            "Environment": {},
            "ModelDataUrl": "s3://models/a.tar.gz",
            "ExecutionRoleArn": ROLE,
            "EnableNetworkIsolation": True,
        }
    ]


def test_artifact_that_is_no_object_of_s3_is_refused(aws: Aws) -> None:
    specification = {"Container": {"Image": IMAGE, "ArtifactUrl": "https://models/a.tar.gz"}}
    with pytest.raises(AwsError, match=r"ArtifactUrl: .*https://models"):
        containers_of(aws, specification, {"ExecutionRoleArn": ROLE})


@pytest.mark.parametrize(
    "members",
    [
        {"Containers": [{"Image": IMAGE}, {"Image": IMAGE}]},
        {"PrimaryContainer": {"Image": IMAGE, "Mode": "MultiModel"}},
    ],
    ids=["pipeline", "multi-model"],
)
def test_model_of_more_than_one_is_refused(members: dict[str, Any], aws: Aws) -> None:
    aws.store.insert(MODEL.kind, "several", {"ModelName": "several"} | members)
    with pytest.raises(AwsError, match=r"Model several has .*Use a model of one container"):
        containers_of(aws, {"ModelName": "several"}, {"ExecutionRoleArn": ROLE})


def test_update_replaces_a_model_by_a_container_and_keeps_what_it_does_not_name() -> None:
    present = {"ModelName": "a", "StartupParameters": {"x": 1}} | needs()
    assert merged(present, OWN) == OWN | {"StartupParameters": {"x": 1}} | needs()
    more = needs(MinMemoryRequiredInMb=2048)
    assert merged(present, more) == present | more
    assert merged(OWN | needs(), {"ModelName": "b"}) == {"ModelName": "b"} | needs()


def test_description_has_the_deployed_image_for_the_given_one() -> None:
    doc = {"Specification": OWN | needs(), "Containers": [{"Image": "other"}], "CreationTime": 1.0}
    described = summary(doc)["Container"]
    assert described["DeployedImage"]["SpecifiedImage"] == IMAGE
    assert doc["Specification"] == OWN | needs()  # what is stored has not changed
    of_a_model = doc | {"Specification": {"ModelName": "a"} | needs()}
    assert summary(of_a_model) == {"ModelName": "a"} | needs()
