"""Variants that host inference components: refused where their instances cannot."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.endpoints import hosting
from include.local_aws.sagemaker.runtime.placement import NO_ROOM
from include.local_aws.wire.errors import AwsError

HOST = {"VariantName": "main", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
ROLE = {"ExecutionRoleArn": "arn:aws:iam::123456789012:role/ml"}


def managed(low: int, high: int, status: str = "ENABLED") -> dict[str, Any]:
    counts = {"MinInstanceCount": low, "MaxInstanceCount": high}
    return {"ManagedInstanceScaling": {"Status": status, **counts}}


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in HOST.items() if key != name}


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ({"ProductionVariants": [HOST, HOST | {"ModelName": "m"}]}, "others is not emulated"),
        ({"ProductionVariants": [HOST]}, "ExecutionRoleArn is required"),
        (ROLE | {"ProductionVariants": [HOST], "DataCaptureConfig": {"a": 1}}, "DataCaptureConfig"),
    ],
    ids=["several", "role", "capture"],
)
def test_a_configuration_that_cannot_have_components_is_refused(
    config: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(AwsError) as refused:
        hosting.check_config(config)
    assert (refused.value.code, complaint in refused.value.message) == ("ValidationException", True)


def test_configurations_with_models_are_left_to_other_checks() -> None:
    model = HOST | {"ModelName": "m"}
    hosting.check_config({"ProductionVariants": [model, model], "DataCaptureConfig": {"a": 1}})
    hosting.check_config(ROLE | {"ProductionVariants": [HOST]})


@pytest.mark.parametrize(
    ("variant", "complaint"),
    [
        (HOST | {"ServerlessConfig": {}}, "Variant main is serverless and needs a ModelName."),
        (HOST | {"InstancePools": []}, "InstancePools of variant main is not emulated."),
        (without("InstanceType"), "Variant main needs an InstanceType."),
        (without("InitialInstanceCount"), "Variant main needs an InitialInstanceCount."),
        (HOST | {"InstanceType": "ml.none.large"}, "ml.none.large"),
        (HOST | managed(3, 2), "MinInstanceCount 3 is above MaxInstanceCount 2."),
        (HOST | managed(2, 3), "InitialInstanceCount 1 of variant main is outside"),
    ],
    ids=["serverless", "pools", "type", "count", "unknown type", "bounds", "outside"],
)
def test_a_variant_that_cannot_host_is_refused(variant: dict[str, Any], complaint: str) -> None:
    with pytest.raises(AwsError) as refused:
        hosting.check(variant)
    assert complaint in refused.value.message


def test_managed_scaling_gives_the_count_that_a_variant_leaves_out() -> None:
    scaled = without("InitialInstanceCount") | managed(0, 4)
    hosting.check(scaled)
    assert (hosting.bounds(scaled), hosting.at_start(scaled)) == ((0, 4), 0)
    assert hosting.at_start(HOST | {"InitialInstanceCount": 3} | managed(0, 4)) == 3


def test_scaling_that_is_not_enabled_has_no_bounds() -> None:
    assert hosting.bounds(HOST | managed(1, 4, "DISABLED")) is None
    assert hosting.bounds(HOST) is None
    enabled = {"ManagedInstanceScaling": {"Status": "ENABLED"}}
    assert hosting.bounds({"InitialInstanceCount": 3} | enabled) == (1, 3)


@pytest.fixture
def components(aws: Aws) -> Aws:
    """Return an account whose endpoint churn has two copies that need one vCPU each."""
    needs = {"NumberOfCpuCoresRequired": 1.0, "MinMemoryRequiredInMb": 1024}
    doc = {
        "InferenceComponentName": "copies",
        "EndpointName": "churn",
        "CopyCount": 2,
        "Specification": {"ComputeResourceRequirements": needs},
    }
    aws.store.insert(hosting.COMPONENT, "copies", doc)
    return aws


def test_an_endpoint_is_deleted_after_its_components(components: Aws) -> None:
    hosting.require_none(components, "empty", "arn:empty")
    with pytest.raises(AwsError, match=r'delete endpoint "arn:churn" while it has.*: copies. Del'):
        hosting.require_none(components, "churn", "arn:churn")


def test_instances_are_not_removed_below_what_the_copies_need(components: Aws) -> None:
    hosting.require_room(components, "churn", HOST, 1)
    hosting.require_room(components, "churn", HOST | managed(0, 1), 0)
    with pytest.raises(AwsError) as refused:
        hosting.require_room(components, "churn", HOST, 0)
    assert refused.value.message == NO_ROOM


def snapshot(**changes: Any) -> dict[str, Any]:
    return {"Variants": [HOST | {"DesiredInstanceCount": 1} | changes]}


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        (snapshot(ModelName="m"), "cannot change between models and inference components"),
        (snapshot(VariantName="other"), "hosts inference components and cannot be renamed"),
        (snapshot(DesiredInstanceCount=0), "not enough hardware resources"),
    ],
    ids=["kind", "name", "room"],
)
def test_an_update_that_the_copies_do_not_survive_is_refused(
    components: Aws, target: dict[str, Any], complaint: str
) -> None:
    hosting.check_update(components, "churn", snapshot(), snapshot(InstanceType="ml.m5.xlarge"))
    with pytest.raises(AwsError, match=complaint):
        hosting.check_update(components, "churn", snapshot(), target)
