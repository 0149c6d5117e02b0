"""The checks under the roles of the stack, with `--iam enforce`: nothing is changed."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.company_rules import CompanyRules
from prodml.preflight.checks import CONFIG, findings
from prodml.preflight.findings import Finding
from prodml.preflight.project import Project

from include.local_aws.testing import REGION
from infra.build import FOLDER
from tests.infra.conftest import Account, Outputs

READS = re.compile(r"[\w-]+:(Get|List|Describe|Simulate)\w+")


@pytest.fixture(scope="module")
def airflow(account: Account, outputs: Outputs) -> Iterator[Aws]:
    """A connection that acts as the role of Airflow."""
    keys = account.assume(outputs["AirflowRoleArn"])
    extra = {
        "region_name": REGION,
        "endpoint_url": account.server.url,
        "aws_session_token": keys["aws_session_token"],
    }
    login = {"login": keys["aws_access_key_id"], "password": keys["aws_secret_access_key"]}
    connection = json.dumps({"conn_type": "aws"} | login | {"extra": extra})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_OF_ROLE", connection)
        yield Aws("of_role", REGION, botocore_config=CONFIG)


@pytest.fixture
def project(outputs: Outputs) -> Project:
    key = outputs["KeyArn"]
    return Project(
        bucket=outputs["BucketName"],
        role_arn=outputs["ExecutionRoleArn"],
        region=REGION,
        deployment=outputs["Prefix"],
        quotas={"ml.m5.large for training job usage": 1},
        policies=FOLDER / "policies",
        rules=CompanyRules(output_kms_key=key, volume_kms_key=key),
    )


def _by_check(aws: Aws, project: Project) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings(aws, project)}


def _calls(account: Account) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{account.server.url}/_local/iam/calls") as response:
        return list(json.load(response)["calls"])


def test_the_stack_is_right_and_nothing_is_changed(
    account: Account, airflow: Aws, project: Project
) -> None:
    role = f"arn:aws:iam::{project.account}:role/dev-prodml-airflow"
    before = [call for call in _calls(account) if call["principal"] == role]
    lines = _by_check(airflow, project)
    assert {line.check: line for line in lines.values() if line.state != "OK"} == {}
    calls = [call for call in _calls(account) if call["principal"] == role and call not in before]
    assert len(calls) > 10
    assert [call["action"] for call in calls if not READS.fullmatch(call["action"])] == []
    assert [call for call in calls if call["denied"]] == []


def test_missing_permission_is_named(account: Account, airflow: Aws, project: Project) -> None:
    iam = account.client("iam")
    name = {"RoleName": "dev-prodml-execution", "PolicyName": "execution"}
    document = iam.get_role_policy(**name)["PolicyDocument"]
    without = [s for s in document["Statement"] if "s3:GetObject" not in s["Action"]]
    iam.put_role_policy(**name, PolicyDocument=json.dumps(document | {"Statement": without}))
    try:
        line = _by_check(airflow, project)["permissions of jobs"]
    finally:
        iam.put_role_policy(**name, PolicyDocument=json.dumps(document))
    assert line.state == "WRONG"
    assert "s3:" in line.value
    assert "infra/policies/execution.json to dev-prodml-execution" in line.fix


def test_explicit_denial_is_named(account: Account, airflow: Aws, project: Project) -> None:
    iam, name = account.client("iam"), {"RoleName": "dev-prodml-airflow", "PolicyName": "deny"}
    denied = {"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*"}
    document = {"Version": "2012-10-17", "Statement": [denied]}
    iam.put_role_policy(**name, PolicyDocument=json.dumps(document))
    try:
        line = _by_check(airflow, project)["permissions of Airflow"]
    finally:
        iam.delete_role_policy(**name)
    assert line.state == "WRONG"
    assert "s3:PutObject on arn:aws:s3:::acme-ml/" in line.value
    assert line.fix.startswith("A policy denies it explicitly")
