"""A stage answers with its last deployment; its limits and access log are set without a new one."""

from __future__ import annotations

from typing import Any

import pytest
from prodml.apis.stages import RETENTION_DAYS, Stage

from include.local_aws.testing import Server
from tests.plugins.runs import ROLE


@pytest.fixture
def stage(gateway: Any, staged: str) -> Stage:
    return Stage(gateway, staged, "live")


def test_a_stage_keeps_one_deployment_and_those_of_other_stages(
    gateway: Any, staged: str, stage: Stage
) -> None:
    other = Stage(gateway, staged, "other")
    assert (stage.deployed(), other.describe(), other.deployed()) == ("first", None, None)
    other.deploy("of the other stage")
    for description in ("second", "third"):
        stage.deploy(description)
    assert (stage.deployed(), other.deployed()) == ("third", "of the other stage")
    listed = gateway.get_deployments(restApiId=staged)["items"]
    assert {item["description"] for item in listed} == {"third", "of the other stage"}


def test_all_methods_are_limited_together(stage: Stage) -> None:
    stage.limit({"rateLimit": 2.5, "burstLimit": 3})
    settings = (stage.describe() or {})["methodSettings"]["*/*"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (2.5, 3)
    assert stage.deployed() == "first"


def test_the_access_log_has_a_group_and_the_role_that_the_account_had(
    server: Server, gateway: Any, stage: Stage, unique: str
) -> None:
    logs, group = server.client("logs"), f"/prodml/apis/{unique}/live"
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    for role in (ROLE, f"{ROLE}-of-another-team"):
        stage.log_to(logs, group, arn, role)
        assert gateway.get_account()["cloudwatchRoleArn"] == ROLE
    assert (stage.describe() or {})["accessLogSettings"]["destinationArn"] == arn
    (created,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert created["retentionInDays"] == RETENTION_DAYS
