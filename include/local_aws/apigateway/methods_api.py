"""The operations on the methods of resources, and on the responses that they declare."""

from __future__ import annotations

import re

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from . import apis, patches
from .errors import bad_request, conflict, not_emulated, not_found

SERVICE = "apigateway"
PARAMETER = re.compile(r"method\.request\.(path|querystring|header)\.[\w.$-]+")
HEADER = re.compile(r"method\.response\.header\.[\w.$-]+")
STATUS = re.compile(r"[1-5]\d\d")
RULES: patches.Rules = {
    "/apiKeyRequired": patches.flag,
    "/authorizationType": patches.one_of("NONE"),
    "/operationName": patches.text,
    "/requestValidatorId": patches.text,
    "/requestModels/*": patches.text,
    "/requestParameters/*": patches.flag,
}
RESPONSE_RULES: patches.Rules = {
    "/responseModels/*": patches.text,
    "/responseParameters/*": patches.flag,
}
MEMBERS = ("operationName", "requestParameters", "requestModels", "requestValidatorId")


@operation(SERVICE, "PutMethod")
def put_method(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    methods = apis.resource_of(api, request)["methods"]
    name = request["httpMethod"]
    if name not in apis.METHODS:
        raise bad_request(f"Invalid HttpMethod specified: {name}. Use {', '.join(apis.METHODS)}.")
    if name in methods:
        raise conflict("Method already exists for this resource")
    if request["authorizationType"] != "NONE" or request.get("authorizerId"):
        kind = request["authorizationType"]
        raise not_emulated("PutMethod", f"authorizationType {kind}", "Use NONE and an API key.")
    method = {
        "httpMethod": name,
        "authorizationType": "NONE",
        "apiKeyRequired": request.get("apiKeyRequired", False),
        "methodResponses": {},
        **{member: request[member] for member in MEMBERS if request.get(member)},
    }
    _check(api, method)
    methods[name] = method
    apis.save(aws, api)
    return method


def _check(api: Doc, method: Doc) -> None:
    """Raise AwsError for a method that names what the API does not have."""
    validator = method.get("requestValidatorId")
    if validator and validator not in api["validators"]:
        raise bad_request(f"Invalid Request Validator identifier specified: {validator}")
    for model in method.get("requestModels", {}).values():
        if model not in api["models"]:
            raise bad_request(f"Invalid model identifier specified: {model}")
    for name in method.get("requestParameters", {}):
        if not PARAMETER.fullmatch(name):
            raise bad_request(f"Invalid mapping expression specified: {name}")


@operation(SERVICE, "GetMethod")
def get_method(aws: Aws, request: Doc) -> Doc:
    return apis.method_of(apis.rest_api(aws, request), request)


@operation(SERVICE, "UpdateMethod")
def update_method(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    method = apis.method_of(api, request)
    patches.apply(method, request.get("patchOperations"), RULES)
    _check(api, method)
    apis.save(aws, api)
    return method


@operation(SERVICE, "DeleteMethod")
def delete_method(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    method = apis.method_of(api, request)
    del apis.resource_of(api, request)["methods"][method["httpMethod"]]
    apis.save(aws, api)
    return {}


@operation(SERVICE, "PutMethodResponse")
def put_method_response(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    responses = apis.method_of(api, request)["methodResponses"]
    status = request["statusCode"]
    if not STATUS.fullmatch(status):
        raise bad_request(f"Invalid status code {status}. Give one of 100 to 599.")
    if status in responses:
        raise conflict("Response already exists for this resource")
    response = {
        "statusCode": status,
        "responseParameters": request.get("responseParameters", {}),
        "responseModels": request.get("responseModels", {}),
    }
    _check_response(api, response)
    responses[status] = response
    apis.save(aws, api)
    return response


def _check_response(api: Doc, response: Doc) -> None:
    for name in response["responseParameters"]:
        if not HEADER.fullmatch(name):
            raise bad_request(f"Invalid mapping expression specified: {name}")
    for model in response["responseModels"].values():
        if model not in api["models"]:
            raise bad_request(f"Invalid model identifier specified: {model}")


def method_response(method: Doc, status: str) -> Doc:
    """Return the declared response of a method; raise AwsError."""
    response: Doc | None = method["methodResponses"].get(status)
    if response is None:
        raise not_found("Invalid Response status code specified")
    return response


@operation(SERVICE, "GetMethodResponse")
def get_method_response(aws: Aws, request: Doc) -> Doc:
    method = apis.method_of(apis.rest_api(aws, request), request)
    return method_response(method, request["statusCode"])


@operation(SERVICE, "UpdateMethodResponse")
def update_method_response(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    response = method_response(apis.method_of(api, request), request["statusCode"])
    patches.apply(response, request.get("patchOperations"), RESPONSE_RULES)
    _check_response(api, response)
    apis.save(aws, api)
    return response


@operation(SERVICE, "DeleteMethodResponse")
def delete_method_response(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    method = apis.method_of(api, request)
    method_response(method, request["statusCode"])
    del method["methodResponses"][request["statusCode"]]
    apis.save(aws, api)
    return {}
