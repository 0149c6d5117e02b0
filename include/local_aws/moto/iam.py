"""IAM of an account without access control: one role, and every action is allowed."""

from __future__ import annotations

import functools
import json
from typing import Any

ROLE = "prodml"
FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"  # as the console attaches it
BOUNDED = "A user cannot have a permissions boundary here. Set it on a role that the user assumes."


def allow_simulation() -> None:
    """Let SDKs check the permissions of a role before they use it."""
    from moto.iam.responses import IamResponse

    IamResponse.simulate_principal_policy = _simulated


def refuse_bounded_users() -> None:
    """Refuse a user with a permissions boundary, which moto would leave out."""
    from moto.iam.responses import IamResponse

    create = IamResponse.create_user

    def created(response: Any) -> Any:
        if response._get_param("PermissionsBoundary"):
            raise NotImplementedError(BOUNDED)
        return create(response)

    IamResponse.create_user = created


def make_role(account: str) -> None:
    """Create the execution role of a new account; on AWS an administrator creates it."""
    from moto.iam.models import iam_backends

    service = {"Service": "sagemaker.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": service, "Action": "sts:AssumeRole"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam_backends[account]["aws"].create_role(ROLE, policy, "/", None, "", [], "3600")


def load_managed_policies(account: str) -> None:
    """Create AWS's own policies in an account, which takes 0.1 s: do it when IAM is used."""
    from moto.iam.models import iam_backends

    backend, policies = iam_backends[account]["aws"], managed_policies(account)
    if FULL_ACCESS in backend.managed_policies:  # restored, with what was attached
        return
    backend.aws_managed_policies = [*policies.values()]
    backend.managed_policies.update(policies)
    if any(role.name == ROLE for role in backend.roles.values()):
        backend.attach_role_policy(FULL_ACCESS, ROLE)


@functools.cache
def managed_policies(account: str) -> dict[str, Any]:
    """Return AWS's own policies in an account, by their ARN."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data
    from moto.iam.models import AWSManagedPolicy

    data = json.loads(aws_managed_policies_data).items()
    policies = [AWSManagedPolicy.from_data(name, account, "aws", entry) for name, entry in data]
    return {policy.arn: policy for policy in policies}


def _simulated(response: Any) -> Any:
    """Answer SimulatePrincipalPolicy: every action is allowed, as signatures are not checked."""
    from moto.core.responses import ActionResult

    principal = response._get_param("PolicySourceArn")
    if ":role/" in principal:
        response.backend.get_role_by_arn(principal)  # raises NoSuchEntity
    allowed = {"EvalResourceName": "*", "EvalDecision": "allowed"}
    actions = response._get_param("ActionNames", [])
    results = [{"EvalActionName": action} | allowed for action in actions]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})
