"""Stacks of a few resources, through boto3."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from include.local_aws.testing import Server


@dataclass(frozen=True)
class Stacks:
    """Create, change and delete the stack *name*."""

    cloudformation: Any
    name: str

    def create(self, **resources: dict[str, Any]) -> None:
        self.cloudformation.create_stack(StackName=self.name, TemplateBody=_template(resources))

    def update(self, **resources: dict[str, Any]) -> None:
        self.cloudformation.update_stack(StackName=self.name, TemplateBody=_template(resources))

    def delete(self) -> None:
        self.cloudformation.delete_stack(StackName=self.name)

    def physical_id(self, logical_id: str) -> str:
        resource = self.cloudformation.describe_stack_resource(
            StackName=self.name, LogicalResourceId=logical_id
        )
        return str(resource["StackResourceDetail"]["PhysicalResourceId"])


def _template(resources: dict[str, dict[str, Any]]) -> str:
    return json.dumps({"Resources": resources})


@pytest.fixture
def stacks(local_aws: Server, unique: Callable[[str], str]) -> Stacks:
    return Stacks(local_aws.client("cloudformation"), unique("stack"))
