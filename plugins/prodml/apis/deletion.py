"""Delete the APIs of an endpoint with their usage plans and keys."""

from __future__ import annotations

from functools import partial
from typing import Any

from prodml.apis.names import api_name, every, of_endpoint
from prodml.aws.errors import DENIED, code_of
from prodml.aws.retries import delete, with_retries
from prodml.vocabulary import Json

Belongings = dict[str, list[str]]


def belongings(client: Any, endpoint: str) -> Belongings:
    """Return the ids of an endpoint's APIs, usage plans and keys.

    A role that may not list APIs has published none: nothing belongs to the endpoint then.
    """
    from botocore.exceptions import ClientError

    try:
        apis = of_endpoint(client.get_rest_apis, endpoint)
    except ClientError as error:
        if code_of(error) in DENIED:
            return {"apis": [], "usage_plans": [], "api_keys": []}
        raise
    keys = partial(client.get_api_keys, nameQuery=api_name(endpoint), includeValues=False)
    return {
        "apis": _ids(apis),
        "usage_plans": _ids(of_endpoint(client.get_usage_plans, endpoint)),
        "api_keys": _ids(of_endpoint(keys, endpoint)),
    }


def _ids(items: list[Json]) -> list[str]:
    return [str(item["id"]) for item in items]


def delete_all(client: Any, known: Belongings) -> None:
    """Delete what :func:`belongings` returned; API Gateway keeps an API that a plan has."""
    for plan in every(client.get_usage_plans) if known["apis"] else ():
        stages = [s for s in plan.get("apiStages", ()) if s["apiId"] in known["apis"]]
        places = [f"{stage['apiId']}:{stage['stage']}" for stage in stages]
        if places:
            changes = [{"op": "remove", "path": "/apiStages", "value": place} for place in places]
            with_retries(client.update_usage_plan, usagePlanId=plan["id"], patchOperations=changes)
    for name in known["usage_plans"]:
        delete(client.delete_usage_plan, usagePlanId=name)
    for name in known["api_keys"]:
        delete(client.delete_api_key, apiKey=name)
    for name in known["apis"]:
        delete(client.delete_rest_api, restApiId=name)
