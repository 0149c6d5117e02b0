"""Usage plans: their stages, keys and limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from include.local_aws.apigateway import keys_api as keys
from include.local_aws.apigateway import usage_plans_api as plans
from include.local_aws.apigateway.usage import Usage
from include.local_aws.core.account import Aws
from include.local_aws.core.store import Doc
from tests.include.local_aws.apigateway.in_process import new_stage, refusal, replace


def new_plan(aws: Aws, **members: Any) -> Doc:
    """Return the place of a new plan."""
    return {"usagePlanId": plans.create_usage_plan(aws, {"name": "p"} | members)["id"]}


def stage_of(aws: Aws) -> str:
    """Deploy an API; return its stage as patch operations name it."""
    place = new_stage(aws)
    return f"{place['restApiId']}:{place['stageName']}"


def updated(aws: Aws, plan: Doc, *changes: Doc) -> Doc:
    return plans.update_usage_plan(aws, plan | {"patchOperations": list(changes)})


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"quota": {"limit": 0, "period": "DAY"}}, "must have a limit above 0 and a period"),
        ({"quota": {"limit": 5}}, "must have a limit above 0 and a period"),
        ({"throttle": {"rateLimit": -1}}, "throttle must not be negative"),
        ({"throttle": {"burstLimit": -1}}, "throttle must not be negative"),
        ({"apiStages": [{"apiId": "a", "stage": "b"}]}, "API Stage not found: a:b"),
        ({"apiStages": [{"throttle": {"/a/GET": {}}}]}, "Throttle the stage"),
    ],
)
def test_plan_that_limits_nothing_is_refused(
    account: Aws, members: dict[str, Any], named: str
) -> None:
    assert named in refusal(plans.create_usage_plan, account, name="p", **members)
    assert plans.get_usage_plans(account, {})["items"] == []


def test_stage_is_added_once_and_removed_before_the_plan_is_deleted(account: Aws) -> None:
    plan, place = new_plan(account), stage_of(account)
    add = {"op": "add", "path": "/apiStages", "value": place}
    updated(account, plan, add)
    again = refusal(plans.update_usage_plan, account, **plan, patchOperations=[add])
    assert again == "ConflictException: Usage Plan already contains API stage"
    assert "Remove them first" in refusal(plans.delete_usage_plan, account, **plan)
    assert updated(account, plan, add | {"op": "remove"})["apiStages"] == []
    gone = refusal(
        plans.update_usage_plan, account, **plan, patchOperations=[add | {"op": "remove"}]
    )
    assert gone == f"NotFoundException: Invalid API identifier specified {place}"
    plans.delete_usage_plan(account, plan)
    missing = refusal(plans.get_usage_plan, account, **plan)
    assert missing == "NotFoundException: Invalid Usage Plan identifier specified"


def test_limits_are_changed_and_removed(account: Aws) -> None:
    plan = new_plan(account, quota={"limit": 5, "period": "DAY"})
    changes = [replace("/quota/period", "WEEK"), replace("/throttle/burstLimit", "7")]
    changed = updated(account, plan, *changes)
    assert changed["quota"] == {"limit": 5, "period": "WEEK"}
    assert changed["throttle"] == {"burstLimit": 7}
    assert updated(account, plan, {"op": "remove", "path": "/quota"})["quota"] is None
    bad = [replace("/quota/period", "YEAR")]
    why = refusal(plans.update_usage_plan, account, **plan, patchOperations=bad)
    assert "Allowed: DAY, WEEK, MONTH" in why


def test_key_is_in_a_plan_once(account: Aws) -> None:
    plan = new_plan(account)
    key = keys.create_api_key(account, {"name": "team"})
    member = plan | {"keyId": key["id"], "keyType": "API_KEY"}
    wrong = refusal(plans.create_usage_plan_key, account, **member | {"keyType": "TOKEN"})
    assert wrong.endswith("Usage Plan Key type must be API_KEY")
    plans.create_usage_plan_key(account, member)
    assert refusal(plans.create_usage_plan_key, account, **member).startswith("ConflictExc")
    assert plans.get_usage_plan_key(account, member)["value"] == key["value"]
    assert plans.get_usage_plan_keys(account, plan | {"nameQuery": "other"})["items"] == []
    (listed,) = plans.get_usage_plans(account, {"keyId": key["id"]})["items"]
    assert listed["id"] == plan["usagePlanId"]
    plans.delete_usage_plan_key(account, member)
    assert refusal(plans.get_usage_plan_key, account, **member).startswith("NotFoundException")
    assert plans.get_usage_plans(account, {"keyId": key["id"]})["items"] == []


def test_usage_of_a_plan_is_that_of_its_keys(account: Aws) -> None:
    plan = new_plan(account, quota={"limit": 5, "period": "DAY"})
    ids = [keys.create_api_key(account, {"name": name})["id"] for name in ("a", "b")]
    for key in ids:
        plans.create_usage_plan_key(account, plan | {"keyId": key, "keyType": "API_KEY"})
    account.part(Usage).take(plans.get_usage_plan(account, plan), ids[0])
    today = datetime.fromtimestamp(account.clock.now(), UTC).date().isoformat()
    days = plan | {"startDate": today, "endDate": today}
    assert plans.get_usage(account, days)["items"] == {ids[0]: [[1, 4]], ids[1]: [[0, 5]]}
    assert list(plans.get_usage(account, days | {"keyId": ids[1]})["items"]) == [ids[1]]
