"""Deployments copy an API; stages answer with one of the copies."""

from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.apigateway import stages_api as stages
from include.local_aws.core.account import Aws
from tests.include.local_aws.apigateway.in_process import (
    new_api,
    new_method,
    new_mock,
    new_stage,
    refusal,
    replace,
)


def test_api_that_cannot_answer_is_not_deployed(account: Aws) -> None:
    place = new_api(account)
    deploy = stages.create_deployment
    assert "doesn't contain any methods" in refusal(deploy, account, **place)
    new_method(account, place)
    assert "No integration defined for method" in refusal(deploy, account, **place)
    assert stages.get_deployments(account, place)["items"] == []


def test_deployment_is_a_copy(account: Aws) -> None:
    method = new_mock(account, apiKeyRequired=True)
    place = {"restApiId": method["restApiId"]}
    first = stages.create_deployment(account, place | {"description": "first"})
    new_mock(account, method, "PUT")
    second = stages.create_deployment(account, place)

    def summary(deployment: dict[str, Any]) -> dict[str, Any]:
        request = place | {"deploymentId": deployment["id"], "embed": ["apisummary"]}
        return dict(stages.get_deployment(account, request)["apiSummary"]["/"])

    assert summary(first) == {"GET": {"authorizationType": "NONE", "apiKeyRequired": True}}
    assert set(summary(second)) == {"GET", "PUT"}


def test_second_deployment_keeps_what_the_stage_has(account: Aws) -> None:
    place = new_stage(account, variables={"who": "stage"})
    stages.create_deployment(account, place)
    stage = stages.get_stage(account, place)
    listed = stages.get_deployments(account, place)["items"]
    assert stage["variables"] == {"who": "stage"}
    assert stage["deploymentId"] == listed[-1]["id"] != listed[0]["id"]
    stages.create_deployment(account, place | {"variables": {"who": "second"}})
    assert stages.get_stage(account, place)["variables"] == {"who": "second"}


def test_description_of_a_deployment_is_all_that_changes(account: Aws) -> None:
    place = new_stage(account)
    (listed,) = stages.get_deployments(account, place)["items"]
    request = place | {"deploymentId": listed["id"]}
    change = [replace("/description", "first")]
    stages.update_deployment(account, request | {"patchOperations": change})
    assert stages.get_deployment(account, request)["description"] == "first"
    other = [replace("/createdDate", "0")]
    why = refusal(stages.update_deployment, account, **request, patchOperations=other)
    assert "Must be one of: [/description]" in why


def test_deployment_of_a_stage_stays(account: Aws) -> None:
    place = new_stage(account)
    deployment = stages.get_stage(account, place)["deploymentId"]
    request = {"restApiId": place["restApiId"], "deploymentId": deployment}
    assert "Active stages" in refusal(stages.delete_deployment, account, **request)
    stages.delete_stage(account, place)
    stages.delete_deployment(account, request)
    missing = refusal(stages.get_deployment, account, **request)
    assert missing == "NotFoundException: Invalid Deployment identifier specified"


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"stageName": "a b"}, "Stage name only allows a-zA-Z0-9_-"),
        ({"stageName": "a" * 129}, "Stage name only allows"),
        ({"variables": {"who": "<a>"}}, "Invalid stage variable who='<a>'"),
        ({"variables": {"a-b": "c"}}, "Invalid stage variable a-b"),
        ({"tracingEnabled": True}, "X-Ray is not emulated"),
        ({"canarySettings": {"percentTraffic": 5}}, "Use the endpoint's own rollouts"),
        ({"deploymentId": "none"}, "Invalid Deployment identifier"),
    ],
)
def test_stage_that_cannot_be_made_is_refused(
    account: Aws, members: dict[str, Any], named: str
) -> None:
    place = new_mock(account)
    deployment = stages.create_deployment(account, place)["id"]
    request = place | {"stageName": "test", "deploymentId": deployment} | members
    assert named in refusal(stages.create_stage, account, **request)
    assert stages.get_stages(account, place)["item"] == []


def test_stages_are_listed_by_their_deployment(account: Aws) -> None:
    api = new_mock(account)
    for name in ("test", "live"):
        new_stage(account, api, name)
    live = stages.get_stage(account, api | {"stageName": "live"})["deploymentId"]
    names = [
        [stage["stageName"] for stage in stages.get_stages(account, api | query)["item"]]
        for query in ({}, {"deploymentId": live})
    ]
    assert names == [["test", "live"], ["live"]]
    again = api | {"stageName": "live", "deploymentId": live}
    assert refusal(stages.create_stage, account, **again).startswith("ConflictException")


def test_refused_update_changes_nothing(account: Aws) -> None:
    place = new_stage(account)
    before = stages.get_stage(account, place)
    for change in (replace("/deploymentId", "none"), replace("/variables/who", "<a>")):
        refusal(stages.update_stage, account, **place, patchOperations=[change])
    assert stages.get_stage(account, place) == before
