"""The execution role, right and wrong."""

from __future__ import annotations

import json
from typing import Any

from prodml.preflight.roles import check_role

from tests.plugins.prodml.preflight.conftest import Checked


def _role(server: Any, name: str, service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": statement})
    role = server.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)
    return str(role["Role"]["Arn"])


def test_trusted_role(checked: Checked) -> None:
    lines = checked(check_role)
    assert lines["role"] == ("OK", "arn:aws:iam::000000000000:role/prodml")
    assert lines["role trust"] == ("OK", "sagemaker.amazonaws.com")


def test_missing_role(checked: Checked) -> None:
    lines = checked(check_role, role_arn="arn:aws:iam::000000000000:role/gone")
    assert lines == {"role": ("WRONG", "arn:aws:iam::000000000000:role/gone does not exist")}


def test_role_of_another_service(server: Any, checked: Checked, unique: str) -> None:
    lines = checked(check_role, role_arn=_role(server, unique, "lambda.amazonaws.com"))
    assert lines["role"][0] == "OK"
    assert lines["role trust"] == ("WRONG", "sagemaker.amazonaws.com may not assume the role")
