"""A stack's outputs become variables that the settings and the rules accept."""

from __future__ import annotations

import json
import shlex
from typing import Any

import pytest
from prodml import company_rules

from include import settings
from include.aws_environment import StackError, credentials, environment, main
from include.local_aws.testing import Server

KEY = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-0000-4000-8000-0123456789ab"
AIRFLOW = "arn:aws:iam::123456789012:role/prod-prodml-airflow"
EXECUTION = "arn:aws:iam::123456789012:role/prod-prodml-execution"
OUTPUTS = {
    "Region": "eu-west-1",
    "BucketName": "acme-ml",
    "Prefix": "prod",
    "ExecutionRoleArn": EXECUTION,
    "AirflowRoleArn": AIRFLOW,
    "KeyArn": KEY,
}
NETWORK = {"SubnetIds": "subnet-0a1b2c3d,subnet-0a1b2c3e", "SecurityGroupIds": "sg-0a1b2c3d"}


def _stack(outputs: dict[str, str], status: str = "CREATE_COMPLETE") -> dict[str, Any]:
    entries = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
    return {"StackName": "prodml", "StackStatus": status, "Outputs": entries}


def _read(variables: dict[str, str]) -> dict[str, str]:
    """Return the variables as a shell and Docker Compose read them."""
    return {name: shlex.split(value)[0] for name, value in variables.items()}


def test_settings_and_rules_accept_the_variables() -> None:
    variables = _read(environment(_stack(OUTPUTS | NETWORK)))
    result = settings.read(variables)
    assert (result.bucket, result.role_arn, result.region) == ("acme-ml", EXECUTION, "eu-west-1")
    assert result.deployment == "prod"
    rules = company_rules.read(variables)
    assert rules.subnets == ("subnet-0a1b2c3d", "subnet-0a1b2c3e")
    assert (rules.security_groups, rules.output_kms_key) == (("sg-0a1b2c3d",), KEY)
    connection = json.loads(variables["AIRFLOW_CONN_AWS_DEFAULT"])
    assert connection["extra"] == {"region_name": "eu-west-1", "role_arn": AIRFLOW}


def test_a_stack_without_a_vpc_states_none() -> None:
    assert company_rules.read(_read(environment(_stack(OUTPUTS)))).subnets == ()


def test_each_file_has_a_key_of_its_own() -> None:
    keys = {environment(_stack(OUTPUTS))["PRODML_SECRET_KEY"] for _ in "ab"}
    assert {len(key) for key in keys} == {128}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("stack", "message"),
    [
        (_stack(OUTPUTS, "CREATE_IN_PROGRESS"), "is CREATE_IN_PROGRESS. Deploy it again"),
        (_stack(OUTPUTS, "UPDATE_ROLLBACK_COMPLETE"), "is UPDATE_ROLLBACK_COMPLETE"),
        (_stack({"Region": "eu-west-1"}), "has no output BucketName, ExecutionRoleArn"),
    ],
)
def test_other_stack_is_refused(stack: dict[str, Any], message: str) -> None:
    with pytest.raises(StackError, match=message):
        environment(stack)


def test_missing_stack_is_named(local_aws: Server) -> None:
    with pytest.raises(SystemExit, match="Stack 'gone' cannot be read"):
        main(["gone"])


def test_credentials_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    expected = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret"}
    assert credentials() == expected
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    assert credentials() == expected | {"AWS_SESSION_TOKEN": "token"}
