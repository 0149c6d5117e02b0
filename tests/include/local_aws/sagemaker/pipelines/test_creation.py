"""Inference components of a pipeline: created on its endpoint, then updated by name."""

from __future__ import annotations

import asyncio

import pytest

import include.local_aws.operations  # noqa: F401  (the operations that steps call)
from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.pipelines.calls import Refused
from include.local_aws.sagemaker.pipelines.creation import create, update
from include.local_aws.sagemaker.pipelines.expressions import Unresolved
from include.local_aws.sagemaker.pipelines.kinds import KINDS
from tests.include.local_aws.jobs import ROLE
from tests.include.local_aws.models import Platform
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
    get,
    model,
    parameter,
    reason,
)
from tests.include.local_aws.sagemaker.pipelines.executions import answering, refused, stored

COMPONENT = KINDS["InferenceComponent"]
NEEDS = {"MinMemoryRequiredInMb": 256, "NumberOfCpuCoresRequired": 0.5}


def component(name: str, endpoint: object, copies: object = 1) -> Doc:
    specification = {"ModelName": get("Steps.Make.ModelName"), "ComputeResourceRequirements": NEEDS}
    arguments = {
        "InferenceComponentName": name,
        "EndpointName": endpoint,
        "VariantName": "all",
        "Specification": specification,
        "RuntimeConfig": {"CopyCount": copies},
    }
    return {"Name": "Host", "Type": "InferenceComponent", "Arguments": arguments}


def hosting(name: str) -> tuple[Doc, Doc]:
    """Return the steps of an endpoint that hosts components."""
    variant = {"VariantName": "all", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    config = {
        "EndpointConfigName": name,
        "ProductionVariants": [variant],
        "ExecutionRoleArn": ROLE,
    }
    endpoint = {"EndpointName": name, "EndpointConfigName": get("Steps.Config.EndpointConfigName")}
    return (
        {"Name": "Config", "Type": "EndpointConfig", "Arguments": config},
        {"Name": "Serve", "Type": "Endpoint", "Arguments": endpoint},
    )


def test_a_component_is_created_and_updated_by_its_name(
    platform: Platform, pipelines: Pipelines
) -> None:
    name = pipelines.unique("hosted")
    made = model("Make")
    made["Arguments"]["PrimaryContainer"] |= platform.container(name="first")
    host = component(name, get("Steps.Serve.EndpointName"), get("Parameters.Copies"))
    environment = {"STATUS": get("Steps.Host.InferenceComponentStatus")}
    pipeline = pipelines.create(
        made,
        *hosting(name),
        host,
        model("After", environment=environment),
        parameters=(parameter("Copies", "Integer", DefaultValue=1),),
    )
    first = pipelines.start(pipeline)
    assert pipelines.status(first) == "Succeeded", pipelines.steps(first)
    after = pipelines.model(first, "After")["PrimaryContainer"]
    assert after["Environment"] == {"STATUS": "InService"}
    answer = platform.runtime.invoke_endpoint(
        EndpointName=name, InferenceComponentName=name, Body=b"name"
    )
    assert answer["Body"].read() == b"first"
    second = pipelines.start(pipeline, {"Copies": "2"})
    assert pipelines.status(second) == "Succeeded", pipelines.steps(second)
    arns = {
        pipelines.steps(arn)["Host"]["Metadata"]["InferenceComponent"]["Arn"]
        for arn in (first, second)
    }
    assert len(arns) == 1
    described = pipelines.client.describe_inference_component(InferenceComponentName=name)
    assert described["RuntimeConfig"]["CurrentCopyCount"] == 2


def test_an_update_cannot_move_a_component() -> None:
    request = {
        "InferenceComponentName": "host",
        "EndpointName": "b",
        "RuntimeConfig": {"CopyCount": 2},
        "Tags": [],
    }
    assert update(COMPONENT, request, {"EndpointName": "b"}) == {
        "InferenceComponentName": "host",
        "RuntimeConfig": {"CopyCount": 2},
    }
    with pytest.raises(Unresolved, match=r"host has EndpointName 'a', which an update cannot"):
        update(COMPONENT, request, {"EndpointName": "a"})


def test_a_component_step_has_a_name_and_neither_cache_nor_policies() -> None:
    step = component("host", "serve")
    cached = step | {"CacheConfig": {"Enabled": True}}
    assert "Type InferenceComponent cannot have a CacheConfig" in reason(model("Make"), cached)
    retried = step | {"RetryPolicies": [{"ExceptionType": ["Step.THROTTLING"]}]}
    assert "Type InferenceComponent cannot have RetryPolicies" in reason(model("Make"), retried)
    del step["Arguments"]["InferenceComponentName"]
    assert "lacks the argument 'InferenceComponentName'" in reason(model("Make"), step)


@pytest.mark.parametrize("group", [None, "arn:aws:sagemaker:us-east-1:1:model-package-group/g"])
def test_a_group_of_another_account_is_not_created(
    aws: Aws, monkeypatch: pytest.MonkeyPatch, group: str | None
) -> None:
    client = answering(aws, monkeypatch, create_model_package={"ModelPackageArn": "arn:v"})
    request = {"ModelPackageGroupName": group} if group else {"ModelPackageName": "v"}
    kind = KINDS["RegisterModel"]
    assert asyncio.run(create(stored(aws, model("A")), kind, request)) == "arn:v"
    assert client.calls == [("create_model_package", request)]


def test_a_group_that_may_not_be_created_fails_the_step(
    aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = refused("AccessDeniedException", "Not authorized.")
    client = answering(aws, monkeypatch, create_model_package_group=denied)
    request = {"ModelPackageGroupName": "g"}
    with pytest.raises(Refused, match="Not authorized"):
        asyncio.run(create(stored(aws, model("A")), KINDS["RegisterModel"], request))
    assert [operation for operation, _ in client.calls] == ["create_model_package_group"]
