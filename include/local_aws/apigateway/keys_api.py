"""The operations on API keys."""

from __future__ import annotations

import re

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from . import apis, patches
from .deployed import Deployed
from .errors import bad_request, conflict, not_found, refuse_members

SERVICE = "apigateway"
KIND = "api-key"
VALUE = re.compile(r"[!-~]{20,128}")
RULES: patches.Rules = {
    "/name": patches.text,
    "/description": patches.text,
    "/customerId": patches.text,
    "/enabled": patches.flag,
}


@operation(SERVICE, "CreateApiKey")
def create_api_key(aws: Aws, request: Doc) -> Doc:
    refuse_members("CreateApiKey", request, {"stageKeys": "Use a usage plan."})
    value = request.get("value") or apis.new_id(40)
    if not VALUE.fullmatch(value):
        raise bad_request("API Key value should be at least 20 characters")
    if any(known["value"] == value for known in aws.store.list(KIND)):
        raise conflict("API Key already exists")
    now = int(aws.clock.now())
    key: Doc = {
        "id": apis.new_id(),
        "value": value,
        "name": request.get("name") or "",
        "enabled": request.get("enabled", False),
        "createdDate": now,
        "lastUpdatedDate": now,
        "stageKeys": [],
        **{m: request[m] for m in ("description", "customerId") if request.get(m)},
    }
    aws.store.insert(KIND, key["id"], key)
    apis.put_tags(aws, f"/apikeys/{key['id']}", request.get("tags"))
    aws.part(Deployed).forget_keys()
    return _shown(aws, key, with_value=True)


def _shown(aws: Aws, key: Doc, *, with_value: bool) -> Doc:
    shown = key | {"tags": apis.tags(aws, f"/apikeys/{key['id']}")}
    return shown if with_value else shown | {"value": None}


def api_key(aws: Aws, name: str) -> Doc:
    """Return an API key by its id; raise AwsError."""
    return apis.get(aws, KIND, name, not_found("Invalid API Key identifier specified"))


@operation(SERVICE, "GetApiKey")
def get_api_key(aws: Aws, request: Doc) -> Doc:
    key = api_key(aws, request["apiKey"])
    return _shown(aws, key, with_value=bool(request.get("includeValue")))


@operation(SERVICE, "GetApiKeys")
def get_api_keys(aws: Aws, request: Doc) -> Doc:
    prefix, customer = request.get("nameQuery") or "", request.get("customerId")
    known = [
        _shown(aws, key, with_value=bool(request.get("includeValues")))
        for key in aws.store.list(KIND)
        if key["name"].startswith(prefix) and customer in (None, key.get("customerId"))
    ]
    return apis.page(known, request)


@operation(SERVICE, "UpdateApiKey")
def update_api_key(aws: Aws, request: Doc) -> Doc:
    key = api_key(aws, request["apiKey"])
    patches.apply(key, request.get("patchOperations"), RULES)
    key["lastUpdatedDate"] = int(aws.clock.now())
    aws.store.update(KIND, key["id"], **key)
    aws.part(Deployed).forget_keys()
    return _shown(aws, key, with_value=False)


@operation(SERVICE, "DeleteApiKey")
def delete_api_key(aws: Aws, request: Doc) -> Doc:
    key = api_key(aws, request["apiKey"])
    aws.store.delete(KIND, key["id"])
    aws.store.drop_tags(apis.arn(aws, f"/apikeys/{key['id']}"))
    for plan in aws.store.list("usage-plan"):
        if key["id"] in plan["keys"]:
            kept = [name for name in plan["keys"] if name != key["id"]]
            aws.store.update("usage-plan", plan["id"], keys=kept)
    aws.part(Deployed).forget_keys()
    return {}
