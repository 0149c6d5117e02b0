"""Endpoints without a model of their own, and inference components on them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.components import states
from include.local_aws.sagemaker.endpoints.fleet import Fleet
from tests.include.local_aws.models import ROLE, Platform


def hosting(**members: Any) -> dict[str, Any]:
    """Return a variant without a model, of one instance with 2 vCPUs and 8 GiB."""
    plain = {"VariantName": "AllTraffic", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    if members.get("ManagedInstanceScaling", {}).get("MinInstanceCount") == 0:
        del plain["InitialInstanceCount"]
    return plain | members


def specification(model: str, memory: int = 1024, cpus: float = 1) -> dict[str, Any]:
    requirements = {"MinMemoryRequiredInMb": memory, "NumberOfCpuCoresRequired": cpus}
    return {"ModelName": model, "ComputeResourceRequirements": requirements}


@dataclass
class Board:
    """Creates inference components, and waits for them."""

    platform: Platform
    _names: list[str] = field(default_factory=list)

    def endpoint(self, **members: Any) -> str:
        return self.platform.serving(hosting(**members), ExecutionRoleArn=ROLE)

    def create(self, endpoint: str, model: str, copies: int = 1, **needs: Any) -> str:
        """Start to create a component, and return its name."""
        name = self.platform.unique("component")
        self.platform.sagemaker.create_inference_component(
            InferenceComponentName=name,
            EndpointName=endpoint,
            VariantName="AllTraffic",
            Specification=specification(model, **needs),
            RuntimeConfig={"CopyCount": copies},
        )
        self._names.append(name)
        return name

    def serving(self, endpoint: str, name: str = "first", copies: int = 1, **needs: Any) -> str:
        """Return a component in service, whose model says *name*."""
        component = self.create(endpoint, self.platform.model(name=name), copies, **needs)
        assert self.settled(component)["InferenceComponentStatus"] == "InService"
        return component

    def settled(self, name: str, within: float = 60) -> dict[str, Any]:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            description = self.describe(name)
            if description["InferenceComponentStatus"] in ("InService", "Failed"):
                return description
            time.sleep(0.05)
        raise TimeoutError(f"{name} did not settle within {within} s.")

    def describe(self, name: str) -> dict[str, Any]:
        description: dict[str, Any] = self.platform.sagemaker.describe_inference_component(
            InferenceComponentName=name
        )
        return description

    def scale(self, name: str, copies: int) -> dict[str, Any]:
        self.platform.sagemaker.update_inference_component_runtime_config(
            InferenceComponentName=name, DesiredRuntimeConfig={"CopyCount": copies}
        )
        return self.settled(name)

    def delete(self, *names: str) -> None:
        for name in names:
            self.platform.sagemaker.delete_inference_component(InferenceComponentName=name)
        deadline = time.monotonic() + 60
        while set(names) & set(self.listed()) and time.monotonic() < deadline:
            time.sleep(0.05)

    def listed(self, **filters: Any) -> list[str]:
        response = self.platform.sagemaker.list_inference_components(MaxResults=100, **filters)
        return [entry["InferenceComponentName"] for entry in response["InferenceComponents"]]

    def clean_up(self) -> None:
        """Delete the components created here: their endpoints cannot be deleted before."""
        self.delete(*(name for name in self._names if name in self.listed()))


@pytest.fixture(scope="module")
def board(platform: Platform) -> Iterator[Board]:
    board = Board(platform)
    yield board
    board.clean_up()


DEPLOYMENT: dict[str, Any] = {
    "EndpointConfigName": "config",
    "Variants": [
        {
            "VariantName": "AllTraffic",
            "InstanceType": "ml.m5.large",
            "Containers": [],
            "DesiredInstanceCount": 1,
            "DesiredWeight": 1.0,
        }
    ],
}
COMPONENT: dict[str, Any] = {
    "InferenceComponentName": "big",
    "InferenceComponentArn": "arn:big",
    "InferenceComponentStatus": "InService",
    "EndpointName": "churn",
    "VariantName": "AllTraffic",
    "Specification": {"ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024}},
    "Containers": [{"Image": "old"}],
    "CopyCount": 1,
}


@dataclass
class Stored:
    """An endpoint and its component in a store, as a server that restarts reads them."""

    aws: Aws
    fleet: Fleet

    def component(self, **members: Any) -> None:
        self.aws.store.insert(states.KIND, "big", COMPONENT | members)

    def describe(self) -> dict[str, Any]:
        return self.aws.store.get(states.KIND, "big") or {}

    async def settled(self, *statuses: str | None) -> dict[str, Any]:
        async with asyncio.timeout(5):
            while (doc := self.describe()).get("InferenceComponentStatus") not in statuses:
                await asyncio.sleep(0.001)
        return doc


@pytest.fixture
def stored(aws: Aws) -> Stored:
    endpoint = {"EndpointName": "churn", "EndpointStatus": "InService", "Deployment": DEPLOYMENT}
    aws.store.insert("endpoint", "churn", endpoint)
    aws.add(Metrics(aws.store))
    return Stored(aws, aws.add(Fleet(aws)))
