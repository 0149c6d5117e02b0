"""AWS::IAM::Role: inline policies become text, managed ones are attached, updates change both."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import Role, iam_backends

Properties = dict[str, Any]
PARTITION = "aws"


def complete() -> None:
    """Have stacks give a role all of its policies."""
    create, update = Role.create_from_cloudformation_json, Role.update_from_cloudformation_json

    def created(
        _: Any, /, name: str, document: Properties, account: str, region: str, **rest: Any
    ) -> Any:
        role = create(name, document, account, region, **rest)
        _give_policies(role, document["Properties"], account)
        return role

    def updated(_: Any, /, cloudformation_json: Properties, account_id: str, **rest: Any) -> Any:
        role = update(cloudformation_json=cloudformation_json, account_id=account_id, **rest)
        _give_policies(role, cloudformation_json["Properties"], account_id)
        return role

    Role.create_from_cloudformation_json = classmethod(created)
    Role.update_from_cloudformation_json = classmethod(updated)


def _give_policies(role: Any, properties: Properties, account: str) -> None:
    """Replace the policies of *role*, and its permissions boundary."""
    role.permissions_boundary_arn = properties.get("PermissionsBoundary")
    trust = properties["AssumeRolePolicyDocument"]
    role.assume_role_policy_document = trust if isinstance(trust, str) else json.dumps(trust)
    role.policies.clear()
    for policy in properties.get("Policies", []):
        document = policy["PolicyDocument"]
        text = document if isinstance(document, str) else json.dumps(document)
        role.put_policy(policy["PolicyName"], text)
    backend = iam_backends[account][PARTITION]
    for arn in list(role.managed_policies):
        backend.detach_role_policy(arn, role.name)
    for arn in properties.get("ManagedPolicyArns", []):
        backend.attach_role_policy(arn, role.name)
