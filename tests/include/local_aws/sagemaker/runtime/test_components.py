"""Inference components: the version that answers, the copies, and what each of them reserves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from include.local_aws.containers.instance_types import Resources
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.runtime.components import (
    Component,
    Copies,
    NoCapacityError,
    needs_of,
)
from include.local_aws.sagemaker.runtime.deployments import Deployment, UnhealthyVariantError
from include.local_aws.sagemaker.runtime.instances import Instance
from include.local_aws.sagemaker.runtime.placement import NO_ROOM, Placement

CAPACITY = Resources(cpus=2, memory=8192)
HOSTING = {"VariantName": "AllTraffic", "DesiredWeight": 1.0, "DesiredInstanceCount": 1}


def placement(*hosts: str) -> Placement:
    """Return the places on instances, to which none is added."""

    async def grow() -> bool:
        return False

    return Placement(lambda: CAPACITY, lambda: list(hosts), grow)


def copies(aws: Aws, running: int = 1, places: Placement | None = None, **needs: Any) -> Copies:
    """Return the copies of a version, *running* of which are in service."""
    deployment = Deployment(aws, "churn", {"EndpointConfigName": "c", "Variants": [HOSTING]})
    spec = HOSTING | {
        "Component": "first",
        "Containers": [{"Image": "none"}],
        "Requirements": {"MinMemoryRequiredInMb": 1024} | needs,
    }
    result = Copies(aws, "churn", spec, deployment, places or placement("i-1"))
    for _ in range(running):
        instance: Any = Instance(aws, "churn", spec)
        instance.containers = object()
        result.instances.append(instance)
    return result


@pytest.mark.parametrize(("share", "version"), [(0.0, "old"), (1.0, "new")])
def test_the_next_version_gets_its_share_of_the_requests(
    aws: Aws, share: float, version: str
) -> None:
    versions = {"old": copies(aws), "new": copies(aws)}
    component = Component("first", "churn", versions["old"])
    component.split(versions["new"], share)
    assert all(component.choose() is versions[version] for _ in range(30))
    assert component.versions() == [versions["old"], versions["new"]]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_version_without_copies_leaves_its_requests_to_the_other(aws: Aws, share: float) -> None:
    for old, new in ((1, 0), (0, 1)):
        present, successor = copies(aws, old), copies(aws, new)
        component = Component("first", "churn", present)
        component.split(successor, share)
        assert component.choose() is (present if old else successor)


def test_a_settled_component_has_one_version(aws: Aws) -> None:
    old, new = copies(aws, 2), copies(aws, 3)
    component = Component("first", "churn", old)
    component.split(new, 0.5)
    assert component.count() == 5
    component.settle(new)
    assert (component.versions(), component.count()) == ([new], 3)
    assert component.choose() is new


def test_a_component_scaled_to_zero_has_no_capacity(aws: Aws) -> None:
    component = Component("first", "churn", copies(aws, 0))
    with pytest.raises(NoCapacityError) as caught:
        component.choose()
    assert caught.value.code == "ValidationError"
    assert "UpdateInferenceComponentRuntimeConfig API" in caught.value.message


def test_a_copy_without_room_is_not_started(aws: Aws) -> None:
    group = copies(aws, 0, NumberOfCpuCoresRequired=3)
    assert group.capacity() == CAPACITY
    with pytest.raises(UnhealthyVariantError, match=NO_ROOM[:40]):
        asyncio.run(group.resize(1))
    assert group.instances == []


def test_a_copy_that_does_not_start_leaves_its_place(aws: Aws) -> None:
    """The account has no logs, which every container needs."""
    places = placement("i-1")
    with pytest.raises(UnhealthyVariantError, match="inference component first did not pass"):
        asyncio.run(copies(aws, 0, places).resize(1))
    assert places.idle() == ["i-1"]


def test_what_a_component_does_not_reserve_is_nothing() -> None:
    assert needs_of({"MinMemoryRequiredInMb": 512}) == Resources(cpus=0, memory=512)
    everything = {
        "MinMemoryRequiredInMb": 1024,
        "NumberOfCpuCoresRequired": 0.5,
        "NumberOfAcceleratorDevicesRequired": 2,
    }
    assert needs_of(everything) == Resources(cpus=0.5, memory=1024, accelerators=2)
