"""The settings of a stage that patch operations change, and those that are not emulated."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway.account_api import update_account
from include.local_aws.apigateway.stage_settings import change
from include.local_aws.core.account import Aws
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.apigateway.in_process import replace
from tests.include.local_aws.apigateway.published import ROLE

LOG = "/accessLogSettings"
GROUP = "arn:aws:logs:us-east-1:000000000000:log-group:apis"
FORMAT = replace(f"{LOG}/format", "$context.requestId $context.status")


def changed(aws: Aws, *operations: dict[str, Any], **members: Any) -> dict[str, Any]:
    stage = {"methodSettings": {}, "variables": {}} | members
    change(aws, stage, list(operations))
    return stage


def test_method_is_throttled_by_its_path(account: Aws) -> None:
    stage = changed(
        account,
        replace("/~1a~1{b}/GET/throttling/rateLimit", "0.5"),
        replace("/~1a~1{b}/GET/throttling/burstLimit", "2"),
        replace("/*/*/throttling/burstLimit", "9"),
    )
    assert stage["methodSettings"] == {
        "a/{b}/GET": {"throttlingRateLimit": 0.5, "throttlingBurstLimit": 2},
        "*/*": {"throttlingBurstLimit": 9},
    }
    removed = changed(account, {"op": "remove", "path": "/~1a~1{b}/GET"}, **stage)
    assert list(removed["methodSettings"]) == ["*/*"]


def test_default_of_what_is_not_emulated_is_accepted(account: Aws) -> None:
    stage = changed(account, replace("/*/*/logging/loglevel", "off"))
    assert stage["methodSettings"] == {}


def test_variables_are_added_and_removed(account: Aws) -> None:
    stage = changed(account, {"op": "add", "path": "/variables/who", "value": "a"})
    assert stage["variables"] == {"who": "a"}
    assert changed(account, {"op": "remove", "path": "/variables/who"}, **stage)["variables"] == {}


def test_access_log_needs_a_role_a_group_of_the_account_and_the_id(account: Aws) -> None:
    group = replace(f"{LOG}/destinationArn", GROUP)
    with pytest.raises(AwsError, match="role ARN must be set in account settings"):
        changed(account, FORMAT, group)
    update_account(account, {"patchOperations": [replace("/cloudwatchRoleArn", ROLE)]})
    stage = changed(account, FORMAT, group)
    assert stage["accessLogSettings"]["destinationArn"] == GROUP
    assert changed(account, {"op": "remove", "path": LOG}, **stage)["accessLogSettings"] is None
    with pytest.raises(AwsError, match=r"at least \$context.requestId"):
        changed(account, replace(f"{LOG}/format", "$context.status"), group)
    foreign = GROUP.replace("000000000000", "111111111111")
    with pytest.raises(AwsError, match="such as arn:aws:logs:us-east-1:000000000000:log-group:NA"):
        changed(account, FORMAT, replace(f"{LOG}/destinationArn", foreign))
