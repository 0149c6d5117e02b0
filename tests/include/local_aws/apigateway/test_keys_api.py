"""API keys: their values, which are shown on request alone, and their plans."""

from __future__ import annotations

import pytest

from include.local_aws.apigateway import keys_api as keys
from include.local_aws.apigateway import usage_plans_api as plans
from include.local_aws.core.account import Aws
from tests.include.local_aws.apigateway.in_process import refusal, replace


def test_value_is_shown_once_and_then_on_request(account: Aws) -> None:
    created = keys.create_api_key(account, {"name": "a", "tags": {"owner": "team"}})
    assert len(created["value"]) == 40
    assert (created["enabled"], created["tags"]) == (False, {"owner": "team"})
    place = {"apiKey": created["id"]}
    assert keys.get_api_key(account, place)["value"] is None
    assert keys.get_api_key(account, place | {"includeValue": True})["value"] == created["value"]


@pytest.mark.parametrize("value", ["too short", "a" * 129, "a" * 20 + " "])
def test_value_of_another_form_is_refused(account: Aws, value: str) -> None:
    why = refusal(keys.create_api_key, account, name="a", value=value)
    assert why == "BadRequestException: API Key value should be at least 20 characters"


def test_value_of_another_key_is_refused(account: Aws) -> None:
    own = {"name": "a", "value": "a" * 20}
    keys.create_api_key(account, own)
    assert refusal(keys.create_api_key, account, **own).startswith("ConflictException")


def test_keys_are_listed_by_the_beginning_of_their_name_and_by_customer(account: Aws) -> None:
    for name, customer in (("team-a", "1"), ("team-b", "2"), ("other", "1")):
        keys.create_api_key(account, {"name": name, "customerId": customer})

    def names(**query: str) -> list[str]:
        return [key["name"] for key in keys.get_api_keys(account, query)["items"]]

    assert names() == ["team-a", "team-b", "other"]
    assert names(nameQuery="team") == ["team-a", "team-b"]
    assert names(nameQuery="team", customerId="1") == ["team-a"]


def test_value_cannot_be_changed(account: Aws) -> None:
    key = keys.create_api_key(account, {"name": "a"})["id"]
    change = [replace("/value", "b" * 20)]
    why = refusal(keys.update_api_key, account, apiKey=key, patchOperations=change)
    assert "Must be one of: [/name, /description" in why


def test_deleted_key_leaves_its_plans(account: Aws) -> None:
    key = keys.create_api_key(account, {"name": "a"})["id"]
    plan = {"usagePlanId": plans.create_usage_plan(account, {"name": "p"})["id"]}
    plans.create_usage_plan_key(account, plan | {"keyId": key, "keyType": "API_KEY"})
    keys.delete_api_key(account, {"apiKey": key})
    assert plans.get_usage_plan(account, plan)["keys"] == []
    why = refusal(keys.get_api_key, account, apiKey=key)
    assert why == "NotFoundException: Invalid API Key identifier specified"


def test_stage_keys_are_not_emulated(account: Aws) -> None:
    stages = [{"restApiId": "a", "stageName": "test"}]
    why = refusal(keys.create_api_key, account, name="a", stageKeys=stages)
    assert why.endswith("stageKeys is not emulated. Use a usage plan.")
