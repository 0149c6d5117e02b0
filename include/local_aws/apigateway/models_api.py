"""The operations on models, request validators and API Gateway's own responses."""

from __future__ import annotations

import re

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from . import apis, gateway_responses, mappings, patches, schemas
from .errors import bad_request, conflict
from .templates.budget import TemplateFailure
from .templates.language import Template

SERVICE = "apigateway"
NAME = re.compile(r"[a-zA-Z0-9]+")
RULES: patches.Rules = {"/description": patches.text, "/schema": patches.text}
VALIDATOR_RULES: patches.Rules = {
    "/name": patches.text,
    "/validateRequestBody": patches.flag,
    "/validateRequestParameters": patches.flag,
}
RESPONSE_RULES: patches.Rules = {
    "/statusCode": patches.text,
    "/responseParameters/*": patches.text,
    "/responseTemplates/*": patches.text,
}


@operation(SERVICE, "CreateModel")
def create_model(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    name = request["name"]
    if not NAME.fullmatch(name):
        raise bad_request("Model name must be alphanumeric: [a-zA-Z0-9]")
    if name in api["models"]:
        raise conflict("Model name already exists for this REST API")
    schemas.parsed(request.get("schema") or "{}")
    members = ("name", "description", "schema", "contentType")
    model = {"id": apis.new_id(6)} | {m: request[m] for m in members if m in request}
    api["models"][name] = model
    apis.save(aws, api)
    return model


def _model(api: Doc, request: Doc) -> Doc:
    return apis.member_of(api["models"], request["modelName"], "Model Name")


@operation(SERVICE, "GetModel")
def get_model(aws: Aws, request: Doc) -> Doc:
    return _model(apis.rest_api(aws, request), request)


@operation(SERVICE, "GetModels")
def get_models(aws: Aws, request: Doc) -> Doc:
    return apis.page(apis.rest_api(aws, request)["models"].values(), request)


@operation(SERVICE, "UpdateModel")
def update_model(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    model = _model(api, request)
    patches.apply(model, request.get("patchOperations"), RULES)
    schemas.parsed(model.get("schema") or "{}")
    apis.save(aws, api)
    return model


@operation(SERVICE, "DeleteModel")
def delete_model(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    name = _model(api, request)["name"]
    for resource in api["resources"].values():
        for method in resource["methods"].values():
            if name in method.get("requestModels", {}).values():
                raise conflict(f"Cannot delete model '{name}', is referenced in method request")
    del api["models"][name]
    apis.save(aws, api)
    return {}


@operation(SERVICE, "CreateRequestValidator")
def create_request_validator(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    validator = {
        "id": apis.new_id(6),
        "name": request.get("name"),
        "validateRequestBody": request.get("validateRequestBody", False),
        "validateRequestParameters": request.get("validateRequestParameters", False),
    }
    api["validators"][validator["id"]] = validator
    apis.save(aws, api)
    return validator


def _validator(api: Doc, request: Doc) -> Doc:
    return apis.member_of(
        api["validators"], request["requestValidatorId"], "Request Validator identifier"
    )


@operation(SERVICE, "GetRequestValidator")
def get_request_validator(aws: Aws, request: Doc) -> Doc:
    return _validator(apis.rest_api(aws, request), request)


@operation(SERVICE, "GetRequestValidators")
def get_request_validators(aws: Aws, request: Doc) -> Doc:
    return apis.page(apis.rest_api(aws, request)["validators"].values(), request)


@operation(SERVICE, "UpdateRequestValidator")
def update_request_validator(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    validator = _validator(api, request)
    patches.apply(validator, request.get("patchOperations"), VALIDATOR_RULES)
    apis.save(aws, api)
    return validator


@operation(SERVICE, "DeleteRequestValidator")
def delete_request_validator(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    name = _validator(api, request)["id"]
    for resource in api["resources"].values():
        if any(m.get("requestValidatorId") == name for m in resource["methods"].values()):
            raise conflict(f"Cannot delete request validator '{name}', is referenced in a method")
    del api["validators"][name]
    apis.save(aws, api)
    return {}


@operation(SERVICE, "PutGatewayResponse")
def put_gateway_response(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    response = gateway_responses.default(request["responseType"])
    members = ("statusCode", "responseParameters", "responseTemplates")
    response |= {m: request[m] for m in members if m in request} | {"defaultResponse": False}
    _check(response)
    api["responses"][response["responseType"]] = response
    apis.save(aws, api)
    return response


def _check(response: Doc) -> None:
    mappings.check_gateway(response["responseParameters"])
    for text in response["responseTemplates"].values():
        try:
            Template(text)
        except TemplateFailure as error:
            raise bad_request(f"Invalid mapping template: {error}") from None


def _response(api: Doc, kind: str) -> Doc:
    response: Doc = api["responses"].get(kind) or gateway_responses.default(kind)
    return response


@operation(SERVICE, "GetGatewayResponse")
def get_gateway_response(aws: Aws, request: Doc) -> Doc:
    return _response(apis.rest_api(aws, request), request["responseType"])


@operation(SERVICE, "GetGatewayResponses")
def get_gateway_responses(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    return apis.page([_response(api, kind) for kind in gateway_responses.DEFAULTS], request)


@operation(SERVICE, "UpdateGatewayResponse")
def update_gateway_response(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    response = _response(api, request["responseType"]) | {"defaultResponse": False}
    patches.apply(response, request.get("patchOperations"), RESPONSE_RULES)
    _check(response)
    api["responses"][request["responseType"]] = response
    apis.save(aws, api)
    return response


@operation(SERVICE, "DeleteGatewayResponse")
def delete_gateway_response(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    apis.member_of(api["responses"], request["responseType"], "Gateway response type")
    del api["responses"][request["responseType"]]
    apis.save(aws, api)
    return {}
