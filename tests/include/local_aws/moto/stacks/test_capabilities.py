"""A stack with IAM resources has to be acknowledged."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.moto.stacks.conftest import Stacks
from tests.include.local_aws.refusals import refusal

TRUST: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}


def _role(**name: str) -> dict[str, Any]:
    properties = {"AssumeRolePolicyDocument": TRUST} | name
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def test_change_set_needs_the_capability(stacks: Stacks) -> None:
    code, _ = refusal(
        stacks.cloudformation.create_change_set,
        StackName=stacks.name,
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps({"Resources": {"Role": _role()}}),
    )
    assert code == "InsufficientCapabilitiesException"


@pytest.mark.parametrize("capabilities", [[], ["CAPABILITY_IAM"]])
def test_named_role_needs_its_capability(
    stacks: Stacks, unique: Callable[[str], str], capabilities: list[str]
) -> None:
    code, message = refusal(
        stacks.create_with, capabilities=capabilities, Role=_role(RoleName=unique("role"))
    )
    assert code == "InsufficientCapabilitiesException"
    assert message == "Requires capabilities : [CAPABILITY_NAMED_IAM]"


def test_role_without_a_name_needs_less(stacks: Stacks) -> None:
    _, message = refusal(stacks.create_with, capabilities=[], Role=_role())
    assert message == "Requires capabilities : [CAPABILITY_IAM]"
    stacks.create_with(["CAPABILITY_IAM"], Role=_role())
    assert stacks.physical_id("Role").startswith(stacks.name)
