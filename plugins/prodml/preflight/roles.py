"""The execution role: it exists, and SageMaker may assume it."""

from __future__ import annotations

from collections.abc import Iterator

from prodml.aws.client import Aws
from prodml.aws.retries import present
from prodml.preflight.findings import Finding, ok, wrong
from prodml.preflight.project import Project
from prodml.vocabulary import Json

SERVICE = "sagemaker.amazonaws.com"
TEMPLATE = "Deploy infra/prodml.yaml, which creates the role: docs/how-to/aws-account.md"


def check_role(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check the role and its trust policy."""
    response = present(aws.client("iam").get_role, RoleName=project.role_name)
    if response is None:
        yield wrong("role", f"{project.role_arn} does not exist", TEMPLATE)
        return
    yield ok("role", response["Role"]["Arn"])
    if _trusts(response["Role"].get("AssumeRolePolicyDocument", {})):
        yield ok("role trust", SERVICE)
        return
    trusted = {"Effect": "Allow", "Principal": {"Service": SERVICE}, "Action": "sts:AssumeRole"}
    document = f'{{"Version": "2012-10-17", "Statement": [{trusted}]}}'.replace("'", '"')
    yield wrong(
        "role trust",
        f"{SERVICE} may not assume the role",
        f"aws iam update-assume-role-policy --role-name {project.role_name} "
        f"--policy-document '{document}'",
    )


def _trusts(document: Json) -> bool:
    statements = document.get("Statement", [])
    statements = statements if isinstance(statements, list) else [statements]
    return any(
        statement.get("Effect") == "Allow"
        and SERVICE in _listed(_services(statement.get("Principal")))
        and {"sts:AssumeRole", "sts:*", "*"} & set(_listed(statement.get("Action", [])))
        for statement in statements
    )


def _services(principal: object) -> object:
    return principal.get("Service", []) if isinstance(principal, dict) else []


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
