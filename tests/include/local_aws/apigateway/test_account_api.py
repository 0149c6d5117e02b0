"""The account's role for logs, and the tags of APIs, stages, keys and plans."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway.account_api import (
    get_account,
    get_tags,
    log_role,
    tag_resource,
    update_account,
)
from include.local_aws.core.account import Aws
from tests.include.local_aws.apigateway import in_process
from tests.include.local_aws.apigateway.in_process import new_stage, replace
from tests.include.local_aws.apigateway.published import ROLE


def test_log_role_is_set_and_replaced(account: Aws) -> None:
    assert log_role(account) is None
    for role in (ROLE, f"{ROLE}-2"):
        change = [replace("/cloudwatchRoleArn", role)]
        assert update_account(account, {"patchOperations": change})["cloudwatchRoleArn"] == role
    assert get_account(account, {})["cloudwatchRoleArn"] == log_role(account) == f"{ROLE}-2"


@pytest.mark.parametrize("role", ["", "prodml", "arn:aws:iam::000000000000:user/prodml"])
def test_what_is_no_role_is_refused_as_the_log_role(account: Aws, role: str) -> None:
    change = [replace("/cloudwatchRoleArn", role)]
    why = in_process.refusal(update_account, account, patchOperations=change)
    assert why.startswith("BadRequestException: The role ARN")
    assert log_role(account) is None


def test_tags_of_a_stage_are_its_own(account: Aws) -> None:
    place = new_stage(account)
    api = f"arn:aws:apigateway:us-east-1::/restapis/{place['restApiId']}"
    tag_resource(account, {"resourceArn": f"{api}/stages/test", "tags": {"a": "b"}})
    assert get_tags(account, {"resourceArn": f"{api}/stages/test"}) == {"tags": {"a": "b"}}
    assert get_tags(account, {"resourceArn": api}) == {"tags": {}}
    missing = in_process.refusal(get_tags, account, resourceArn=f"{api}/stages/none")
    assert missing.startswith("NotFoundException")


@pytest.mark.parametrize(
    "arn",
    [
        "/restapis/abc",
        "arn:aws:apigateway:eu-west-1::/restapis/abc",
        "arn:aws:apigateway:us-east-1::/domainnames/abc",
    ],
)
def test_arn_of_something_without_tags_is_refused(account: Aws, arn: str) -> None:
    why = in_process.refusal(get_tags, account, resourceArn=arn)
    assert why == f"BadRequestException: Invalid ARN specified in the request: {arn}"
