"""Give an endpoint's API one key, by a usage plan with its limits."""

from __future__ import annotations

from functools import partial
from typing import Any

from prodml.apis.names import api_name, every, the_oldest
from prodml.apis.specification import ApiSpecification
from prodml.aws.retries import delete, with_retries
from prodml.vocabulary import Json


def give_key(
    client: Any, api: str, stage: str, specification: ApiSpecification, tags: dict[str, str]
) -> str:
    """Return the id of the key that may call the stage; its value is never read."""
    endpoint = specification.endpoint
    name = api_name(endpoint)
    key = the_oldest(
        partial(client.get_api_keys, nameQuery=name, includeValues=False),
        client.create_api_key,
        lambda made: delete(client.delete_api_key, apiKey=made),
        endpoint,
        name=name,
        enabled=True,
        tags=tags,
    )
    plan = the_oldest(
        client.get_usage_plans,
        client.create_usage_plan,
        lambda made: delete(client.delete_usage_plan, usagePlanId=made),
        endpoint,
        name=name,
        tags=tags,
    )
    _limit(client, plan, (api, stage), specification)
    known = every(client.get_usage_plan_keys, usagePlanId=plan["id"])
    if key["id"] not in {item["id"] for item in known}:
        with_retries(
            client.create_usage_plan_key,
            usagePlanId=plan["id"],
            keyId=key["id"],
            keyType="API_KEY",
        )
    return str(key["id"])


def _limit(
    client: Any, plan: Json, place: tuple[str, str], specification: ApiSpecification
) -> None:
    """Set the limits of a usage plan, and let it reach the stage."""
    throttle = specification.throttle
    changes = [
        {"op": "replace", "path": f"/throttle/{name}", "value": str(value)}
        for name, value in throttle.items()
    ]
    if specification.quota is not None:
        quota = {"limit": specification.quota, "offset": 0, "period": specification.period}
        changes += [
            {"op": "replace", "path": f"/quota/{name}", "value": str(value)}
            for name, value in quota.items()
        ]
    elif plan.get("quota"):
        changes.append({"op": "remove", "path": "/quota"})
    api, stage = place
    if not any(s["apiId"] == api and s["stage"] == stage for s in plan.get("apiStages", ())):
        changes.append({"op": "add", "path": "/apiStages", "value": f"{api}:{stage}"})
    with_retries(client.update_usage_plan, usagePlanId=plan["id"], patchOperations=changes)
