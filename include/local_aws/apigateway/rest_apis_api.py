"""The operations on REST APIs and their resources."""

from __future__ import annotations

import re
from typing import Any

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from . import apis, patches
from .errors import bad_request, conflict, not_emulated, not_found, refuse_members

SERVICE = "apigateway"
PART = re.compile(r"[a-zA-Z0-9._:~-]+|\{[a-zA-Z0-9._-]+\+?\}")
MOST_RESOURCES = 300
UNUSED = {
    "cloneFrom": "Create its resources and methods.",
    "policy": "Use API keys.",
    "binaryMediaTypes": "Send text.",
    "minimumCompressionSize": "Leave it out.",
    "disableExecuteApiEndpoint": "Custom domain names are not emulated either.",
    "securityPolicy": "The server has no TLS.",
    "endpointAccessMode": "The server has no TLS.",
}
EMPTY_MODEL = {
    "name": "Empty",
    "contentType": "application/json",
    "description": "This is a default empty schema model",
    "schema": '{"$schema": "http://json-schema.org/draft-04/schema#", "title": "Empty Schema", '
    '"type": "object"}',
}
ERROR_MODEL = {
    "name": "Error",
    "contentType": "application/json",
    "description": "This is a default error schema model",
    "schema": '{"$schema": "http://json-schema.org/draft-04/schema#", "title": "Error Schema", '
    '"type": "object", "properties": {"message": {"type": "string"}}}',
}
RULES: patches.Rules = {
    "/name": patches.text,
    "/description": patches.text,
    "/version": patches.text,
    "/apiKeySource": patches.one_of("HEADER"),
}


@operation(SERVICE, "CreateRestApi")
def create_rest_api(aws: Aws, request: Doc) -> Doc:
    refuse_members("CreateRestApi", request, UNUSED)
    configuration = request.get("endpointConfiguration") or {}
    types = configuration.get("types") or ["EDGE"]
    if "PRIVATE" in types or configuration.get("vpcEndpointIds"):
        raise not_emulated("CreateRestApi", "a PRIVATE endpoint", "Use REGIONAL.")
    if request.get("apiKeySource", "HEADER") != "HEADER":
        raise not_emulated("CreateRestApi", "apiKeySource AUTHORIZER", "Use HEADER.")
    root = {"id": apis.new_id(), "path": "/", "methods": {}}
    api: Doc = {
        "id": apis.new_id(),
        **{name: request[name] for name in ("name", "description", "version") if name in request},
        "createdDate": int(aws.clock.now()),
        "apiKeySource": "HEADER",
        "endpointConfiguration": {"types": types, "ipAddressType": "ipv4"},
        "disableExecuteApiEndpoint": False,
        "rootResourceId": root["id"],
        "resources": {root["id"]: root},
        "models": {model["name"]: {"id": apis.new_id(6)} | model for model in _models()},
        "validators": {},
        "responses": {},
    }
    if not api["name"].strip():
        raise bad_request("name is blank. Name the API.")
    aws.store.insert(apis.KIND, api["id"], api)
    apis.put_tags(aws, f"/restapis/{api['id']}", request.get("tags"))
    return _shown(aws, api)


def _models() -> list[dict[str, str]]:
    return [EMPTY_MODEL, ERROR_MODEL]


def _shown(aws: Aws, api: Doc) -> Doc:
    return api | {"tags": apis.tags(aws, f"/restapis/{api['id']}")}


@operation(SERVICE, "GetRestApi")
def get_rest_api(aws: Aws, request: Doc) -> Doc:
    return _shown(aws, apis.rest_api(aws, request))


@operation(SERVICE, "GetRestApis")
def get_rest_apis(aws: Aws, request: Doc) -> Doc:
    return apis.page([_shown(aws, api) for api in aws.store.list(apis.KIND)], request)


@operation(SERVICE, "UpdateRestApi")
def update_rest_api(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    patches.apply(api, request.get("patchOperations"), RULES)
    apis.save(aws, api)
    return _shown(aws, api)


@operation(SERVICE, "DeleteRestApi")
def delete_rest_api(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    for plan in aws.store.list("usage-plan"):
        if any(stage["apiId"] == api["id"] for stage in plan["apiStages"]):
            raise bad_request(
                f"Cannot delete API {api['id']} while usage plan {plan['id']} has one of its "
                "stages. Remove the stage from the plan."
            )
    for kind in ("api-stage", "api-deployment"):
        for doc in aws.store.list(kind):
            if doc["restApiId"] == api["id"]:
                aws.store.delete(kind, doc["key"])
                name = doc.get("stageName")
                aws.store.drop_tags(apis.arn(aws, f"/restapis/{api['id']}/stages/{name}"))
    aws.store.delete(apis.KIND, api["id"])
    aws.store.drop_tags(apis.arn(aws, f"/restapis/{api['id']}"))
    apis.forget(aws, api["id"])
    return {}


@operation(SERVICE, "CreateResource")
def create_resource(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    parent = apis.resource_of(api, request | {"resourceId": request["parentId"]})
    part = request["pathPart"]
    _check_part(api, parent, part)
    if len(api["resources"]) >= MOST_RESOURCES:
        raise bad_request(f"An API has at most {MOST_RESOURCES} resources.")
    resource = {"id": apis.new_id(6), "parentId": parent["id"], "pathPart": part, "methods": {}}
    resource["path"] = f"{parent['path'].rstrip('/')}/{part}"
    api["resources"][resource["id"]] = resource
    apis.save(aws, api)
    return _resource(resource, with_methods=False)


def _check_part(api: Doc, parent: Doc, part: str) -> None:
    if not PART.fullmatch(part):
        raise bad_request(
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and "
            "curly braces at the beginning and the end."
        )
    if parent["path"].endswith("+}"):
        raise bad_request(
            f"Cannot create a child of a resource with a greedy path variable: {part}"
        )
    siblings = [r for r in api["resources"].values() if r.get("parentId") == parent["id"]]
    if any(sibling["pathPart"] == part for sibling in siblings):
        raise conflict(f"Another resource with the same parent already has this name: {part}")
    variables = [s["pathPart"] for s in siblings if s["pathPart"].startswith("{")]
    if part.startswith("{") and not part.endswith("+}"):
        others = [name for name in variables if not name.endswith("+}")]
        if others:
            raise bad_request(
                f"A sibling ({others[0]}) of this resource already has a variable path part -- "
                "only one unique variable path part is allowed"
            )


def _resource(resource: Doc, *, with_methods: bool) -> Doc:
    methods = resource["methods"]
    shown: dict[str, Any] = methods if with_methods else {name: {} for name in methods}
    return resource | {"resourceMethods": shown or None}


@operation(SERVICE, "GetResource")
def get_resource(aws: Aws, request: Doc) -> Doc:
    resource = apis.resource_of(apis.rest_api(aws, request), request)
    return _resource(resource, with_methods="methods" in request.get("embed", ()))


@operation(SERVICE, "GetResources")
def get_resources(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    embed = "methods" in request.get("embed", ())
    return apis.page([_resource(r, with_methods=embed) for r in api["resources"].values()], request)


@operation(SERVICE, "DeleteResource")
def delete_resource(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    resource = apis.resource_of(api, request)
    if resource["id"] == api["rootResourceId"]:
        raise bad_request("Root resource cannot be deleted")
    gone = [resource["id"]]
    for name in gone:
        gone += [r["id"] for r in api["resources"].values() if r.get("parentId") == name]
    for name in gone:
        if api["resources"].pop(name, None) is None:
            raise not_found("Invalid Resource identifier specified")
    apis.save(aws, api)
    return {}
