"""Roles of stacks have their policies, also after an update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from include.local_aws.testing import Server
from tests.include.local_aws.moto.stacks.conftest import Stacks
from tests.include.local_aws.refusals import refusal

READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def _policy(action: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _role(name: str, **policies: Any) -> dict[str, Any]:
    service = {"Service": "sagemaker.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    properties = {"RoleName": name, "AssumeRolePolicyDocument": trust} | policies
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def test_policies_are_given_and_changed(
    local_aws: Server, stacks: Stacks, unique: Callable[[str], str]
) -> None:
    iam, name = local_aws.client("iam"), unique("role")
    inline: dict[str, Any] = {"PolicyName": "inline", "PolicyDocument": _policy("s3:GetObject")}
    stacks.create(Role=_role(name, Policies=[inline], ManagedPolicyArns=[READ_ONLY]))
    document = iam.get_role_policy(RoleName=name, PolicyName="inline")["PolicyDocument"]
    assert document == _policy("s3:GetObject")
    (attached,) = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert attached["PolicyArn"] == READ_ONLY

    changed = inline | {"PolicyDocument": _policy("s3:ListBucket")}
    stacks.update(Role=_role(name, Policies=[changed], PermissionsBoundary=READ_ONLY))
    document = iam.get_role_policy(RoleName=name, PolicyName="inline")["PolicyDocument"]
    assert document == _policy("s3:ListBucket")
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    boundary = iam.get_role(RoleName=name)["Role"]["PermissionsBoundary"]
    assert boundary["PermissionsBoundaryArn"] == READ_ONLY


def test_user_with_a_boundary_is_refused(stacks: Stacks) -> None:
    user = {"Type": "AWS::IAM::User", "Properties": {"PermissionsBoundary": READ_ONLY}}
    code, message = refusal(stacks.create, User=user)
    assert (code, "Set it on a role" in message) == ("ValidationError", True)
