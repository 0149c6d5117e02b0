"""Stacks of a few resources, through boto3."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from include.local_aws.testing import Server

NAMED = ["CAPABILITY_NAMED_IAM"]


@dataclass(frozen=True)
class Stacks:
    """Create, change and delete the stack *name*."""

    cloudformation: Any
    name: str

    def create(self, **resources: dict[str, Any]) -> None:
        self.cloudformation.create_stack(**self._request(resources, NAMED))

    def update(self, **resources: dict[str, Any]) -> None:
        self.cloudformation.update_stack(**self._request(resources, NAMED))

    def create_with(self, capabilities: list[str], **resources: dict[str, Any]) -> None:
        self.cloudformation.create_stack(**self._request(resources, capabilities))

    def _request(self, resources: Any, capabilities: list[str]) -> dict[str, Any]:
        template = json.dumps({"Resources": resources})
        names = {"StackName": self.name, "TemplateBody": template}
        return names | {"Capabilities": capabilities}

    def delete(self) -> None:
        self.cloudformation.delete_stack(StackName=self.name)

    def physical_id(self, logical_id: str) -> str:
        resource = self.cloudformation.describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(resource["StackResourceDetail"]["PhysicalResourceId"])


@pytest.fixture
def stacks(local_aws: Server, unique: Callable[[str], str]) -> Stacks:
    return Stacks(local_aws.client("cloudformation"), unique("stack"))
