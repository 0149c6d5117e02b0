"""The permissions of Airflow's role and the execution role, by SimulatePrincipalPolicy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from prodml.aws.client import Aws
from prodml.aws.retries import pages, present
from prodml.company_rules import CompanyRules
from prodml.preflight.findings import Finding, State, ok, unknown, wrong
from prodml.preflight.policies import Keys, Need, needs
from prodml.preflight.project import Project
from prodml.vocabulary import Json

SESSION = re.compile(r"(arn:[\w-]+):sts::(\d+):assumed-role/([^/]+)/.+")
SHOWN = 3  # denied actions in a line
ACTIONS = 100  # of one request


def check_airflow(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check what Airflow's operators need."""
    check = "permissions of Airflow"
    caller = aws.client("sts").get_caller_identity()["Arn"]
    if caller.endswith(":root"):
        yield ok(check, "the root user may do everything; use a role on AWS")
        return
    yield from check_policy(aws, project, check, _source(aws, caller), "airflow")


def check_apis(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check what publishing REST APIs needs."""
    check = "permissions for APIs"
    caller = aws.client("sts").get_caller_identity()["Arn"]
    if caller.endswith(":root"):
        yield ok(check, "the root user may do everything; use a role on AWS")
        return
    for finding in check_policy(aws, project, check, _source(aws, caller), "api"):
        # An account may do without APIs.
        yield replace(finding, state=State.UNKNOWN) if finding.state == State.WRONG else finding


def check_execution(aws: Aws, project: Project) -> Iterator[Finding]:
    """Check what jobs and endpoints need."""
    check = "permissions of jobs"
    yield from check_policy(aws, project, check, project.role_arn, "execution")


def _source(aws: Aws, caller: str) -> str:
    """Return the role of a session; its ARN names no path, so ask for it."""
    if not (session := SESSION.fullmatch(caller)):
        return caller
    role = present(aws.client("iam").get_role, RoleName=session[3])
    return str(role["Role"]["Arn"]) if role else f"{session[1]}:iam::{session[2]}:role/{session[3]}"


def check_policy(
    aws: Aws, project: Project, check: str, principal: str, name: str
) -> Iterator[Finding]:
    """Simulate what the policy *name* allows for *principal*."""
    path = project.policies / f"{name}.json" if project.policies else None
    if path is None or not path.is_file():
        yield unknown(check, f"{path} is missing", "Copy the folder infra/ to this Airflow")
        return
    allowed, denied = 0, []
    for need in needs(path, project):
        for result in _simulated(aws, principal, need, project.rules):
            if result["EvalDecision"] == "allowed":
                allowed += 1
            else:
                denied.append(result)
    if not denied:
        yield ok(check, f"{allowed} actions are allowed to {principal}")
        return
    shown = ", ".join(_denied(result) for result in denied[:SHOWN])
    more = f" and {len(denied) - SHOWN} more" if len(denied) > SHOWN else ""
    yield wrong(check, f"{principal} lacks {shown}{more}", _fix(denied, principal, name))


def _simulated(aws: Aws, principal: str, need: Need, rules: CompanyRules) -> Iterator[Json]:
    context = _entries(need.keys | _keys_of(rules))
    for start in range(0, len(need.actions), ACTIONS):
        part = replace(need, actions=need.actions[start : start + ACTIONS])
        for page in pages(
            aws.client("iam").simulate_principal_policy,
            tokens=("Marker", "Marker"),
            PolicySourceArn=principal,
            ActionNames=list(part.actions),
            ResourceArns=list(part.resources),
            ContextEntries=context,
        ):
            yield from page["EvaluationResults"]


def _keys_of(rules: CompanyRules) -> Keys:
    """Return the condition keys of requests that follow the company's rules."""
    keys: Keys = {
        "sagemaker:VpcSubnets": rules.subnets,
        "sagemaker:VpcSecurityGroupIds": rules.security_groups,
        "sagemaker:VolumeKmsKey": rules.volume_kms_key,
        "sagemaker:OutputKmsKey": rules.output_kms_key,
        "s3:x-amz-server-side-encryption": "aws:kms" if rules.output_kms_key else "",
        "s3:x-amz-server-side-encryption-aws-kms-key-id": rules.output_kms_key,
        "sagemaker:NetworkIsolation": "true" if rules.network_isolation else "",
        "sagemaker:InterContainerTrafficEncryption": "true" if rules.encrypt_traffic else "",
    }
    tags = {f"aws:RequestTag/{key}": value for key, value in rules.tags}
    names = {"aws:TagKeys": tuple(key for key, _ in rules.tags)}
    return {key: value for key, value in (keys | tags | names).items() if value}


def _entries(keys: Keys) -> list[Json]:
    return [
        {
            "ContextKeyName": key,
            "ContextKeyValues": [value] if isinstance(value, str) else list(value),
            "ContextKeyType": "string" if isinstance(value, str) else "stringList",
        }
        for key, value in keys.items()
    ]


def _denied(result: Json) -> str:
    return f"{result['EvalActionName']} on {result['EvalResourceName']}"


def _fix(denied: list[Json], principal: str, name: str) -> str:
    if any(result["EvalDecision"] == "explicitDeny" for result in denied):
        return "A policy denies it explicitly: ask who administers the account's policies"
    return (
        f"Deploy infra/prodml.yaml again, or attach infra/policies/{name}.json to "
        f"{principal.rpartition('/')[2]}: docs/how-to/aws-account.md"
    )
