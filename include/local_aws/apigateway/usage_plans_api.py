"""The operations on usage plans: which keys may call which stages, how fast and how often."""

from __future__ import annotations

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from . import apis, patches
from .deployed import Deployed
from .errors import bad_request, conflict, not_emulated, not_found
from .keys_api import api_key
from .usage import Usage

SERVICE = "apigateway"
KIND = "usage-plan"
RULES: patches.Rules = {
    "/name": patches.text,
    "/description": patches.text,
    "/throttle/rateLimit": patches.number,
    "/throttle/burstLimit": patches.whole,
    "/quota/limit": patches.whole,
    "/quota/offset": patches.whole,
    "/quota/period": patches.one_of("DAY", "WEEK", "MONTH"),
}
STAGES = "/apiStages"


@operation(SERVICE, "CreateUsagePlan")
def create_usage_plan(aws: Aws, request: Doc) -> Doc:
    plan: Doc = {
        "id": apis.new_id(6),
        "name": request["name"],
        "apiStages": [],
        "keys": [],
        **{m: request[m] for m in ("description", "throttle", "quota") if request.get(m)},
    }
    for stage in request.get("apiStages", ()):
        if stage.get("throttle"):
            raise not_emulated("CreateUsagePlan", "throttle of apiStages", "Throttle the stage.")
        _add_stage(aws, plan, f"{stage.get('apiId')}:{stage.get('stage')}")
    _check(plan)
    aws.store.insert(KIND, plan["id"], plan)
    apis.put_tags(aws, f"/usageplans/{plan['id']}", request.get("tags"))
    aws.part(Deployed).forget_keys()
    return _shown(aws, plan)


def _add_stage(aws: Aws, plan: Doc, place: str) -> None:
    api, _, stage = place.partition(":")
    if aws.store.get("api-stage", f"{api}/{stage}") is None:
        raise bad_request("API Stage not found: " + place)
    entry = {"apiId": api, "stage": stage}
    if entry in plan["apiStages"]:
        raise conflict("Usage Plan already contains API stage")
    plan["apiStages"].append(entry)


def _check(plan: Doc) -> None:
    quota, throttle = plan.get("quota"), plan.get("throttle")
    if quota and (quota.get("limit", 0) < 1 or not quota.get("period")):
        raise bad_request("Usage Plan quota must have a limit above 0 and a period")
    if throttle and min(throttle.get("rateLimit", 1), throttle.get("burstLimit", 1)) < 0:
        raise bad_request("Usage Plan throttle must not be negative")


def _shown(aws: Aws, plan: Doc) -> Doc:
    return plan | {"tags": apis.tags(aws, f"/usageplans/{plan['id']}")}


def _plan(aws: Aws, request: Doc) -> Doc:
    error = not_found("Invalid Usage Plan identifier specified")
    return apis.get(aws, KIND, request["usagePlanId"], error)


@operation(SERVICE, "GetUsagePlan")
def get_usage_plan(aws: Aws, request: Doc) -> Doc:
    return _shown(aws, _plan(aws, request))


@operation(SERVICE, "GetUsagePlans")
def get_usage_plans(aws: Aws, request: Doc) -> Doc:
    wanted = request.get("keyId")
    known = [p for p in aws.store.list(KIND) if not wanted or wanted in p["keys"]]
    return apis.page([_shown(aws, plan) for plan in known], request)


@operation(SERVICE, "UpdateUsagePlan")
def update_usage_plan(aws: Aws, request: Doc) -> Doc:
    plan = _plan(aws, request)
    for change in request.get("patchOperations") or ():
        path, kind = change.get("path") or "", change.get("op")
        if path == STAGES and kind == "add":
            _add_stage(aws, plan, change.get("value") or "")
        elif path == STAGES and kind == "remove":
            _remove_stage(plan, change.get("value") or "")
        elif path in ("/throttle", "/quota") and kind == "remove":
            plan[path[1:]] = None
        else:
            patches.apply(plan, [change | {"op": "replace" if kind == "add" else kind}], RULES)
    _check(plan)
    aws.store.update(KIND, plan["id"], **plan)
    aws.part(Deployed).forget_keys()
    return _shown(aws, plan)


def _remove_stage(plan: Doc, place: str) -> None:
    api, _, stage = place.partition(":")
    entry = {"apiId": api, "stage": stage}
    if entry not in plan["apiStages"]:
        raise not_found("Invalid API identifier specified " + place)
    plan["apiStages"].remove(entry)


@operation(SERVICE, "DeleteUsagePlan")
def delete_usage_plan(aws: Aws, request: Doc) -> Doc:
    plan = _plan(aws, request)
    if plan["apiStages"]:
        raise bad_request(
            f"Cannot delete usage plan {plan['id']}: it contains API stages. Remove them first."
        )
    aws.store.delete(KIND, plan["id"])
    aws.store.drop_tags(apis.arn(aws, f"/usageplans/{plan['id']}"))
    aws.part(Deployed).forget_keys()
    return {}


@operation(SERVICE, "CreateUsagePlanKey")
def create_usage_plan_key(aws: Aws, request: Doc) -> Doc:
    plan = _plan(aws, request)
    if request["keyType"] != "API_KEY":
        raise bad_request("Usage Plan Key type must be API_KEY")
    key = api_key(aws, request["keyId"])
    if key["id"] in plan["keys"]:
        raise conflict("Usage Plan already contains API Key")
    aws.store.update(KIND, plan["id"], keys=[*plan["keys"], key["id"]])
    aws.part(Deployed).forget_keys()
    return _plan_key(key)


def _plan_key(key: Doc) -> Doc:
    return {"id": key["id"], "type": "API_KEY", "value": key["value"], "name": key["name"]}


def _key_of(aws: Aws, plan: Doc, name: str) -> Doc:
    if name not in plan["keys"]:
        raise not_found("Invalid API Key identifier specified")
    return api_key(aws, name)


@operation(SERVICE, "GetUsagePlanKey")
def get_usage_plan_key(aws: Aws, request: Doc) -> Doc:
    return _plan_key(_key_of(aws, _plan(aws, request), request["keyId"]))


@operation(SERVICE, "GetUsagePlanKeys")
def get_usage_plan_keys(aws: Aws, request: Doc) -> Doc:
    prefix = request.get("nameQuery") or ""
    keys = [api_key(aws, name) for name in _plan(aws, request)["keys"]]
    return apis.page([_plan_key(k) for k in keys if k["name"].startswith(prefix)], request)


@operation(SERVICE, "DeleteUsagePlanKey")
def delete_usage_plan_key(aws: Aws, request: Doc) -> Doc:
    plan = _plan(aws, request)
    key = _key_of(aws, plan, request["keyId"])
    kept = [name for name in plan["keys"] if name != key["id"]]
    aws.store.update(KIND, plan["id"], keys=kept)
    aws.part(Deployed).forget_keys()
    return {}


@operation(SERVICE, "GetUsage")
def get_usage(aws: Aws, request: Doc) -> Doc:
    plan = _plan(aws, request)
    keys = [request["keyId"]] if request.get("keyId") else plan["keys"]
    days = aws.part(Usage).days(plan, keys, request["startDate"], request["endDate"])
    return {
        "usagePlanId": plan["id"],
        "startDate": request["startDate"],
        "endDate": request["endDate"],
        "items": days,
    }
