"""The operations on integrations: a SageMaker endpoint, or a response of API Gateway itself."""

from __future__ import annotations

import re
from collections.abc import Mapping

import regex

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from . import apis, mappings, patches
from .errors import bad_request, not_emulated, not_found, refuse_members
from .integration_uris import FORM, URI
from .methods_api import method_response
from .templates.budget import TemplateFailure
from .templates.language import Template

SERVICE = "apigateway"
ROLE = re.compile(r"arn:aws:iam::\d{12}:role/.+")
BEHAVIORS = ("WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER")
SHORTEST, LONGEST = 50, 29_000  # milliseconds
MOST_PATTERN = 200
UNUSED = {
    "connectionId": "Integrations in a VPC are not emulated.",
    "cacheKeyParameters": "Caches are not emulated.",
    "contentHandling": "Send text.",
    "tlsConfig": "Use a SageMaker endpoint.",
    "integrationTarget": "Use a SageMaker endpoint.",
}
MEMBERS = ("uri", "credentials", "requestParameters", "requestTemplates", "passthroughBehavior")
RULES: patches.Rules = {
    "/uri": patches.text,
    "/credentials": patches.text,
    "/httpMethod": patches.one_of("POST"),
    "/passthroughBehavior": patches.one_of(*BEHAVIORS),
    "/timeoutInMillis": patches.whole,
    "/requestParameters/*": patches.text,
    "/requestTemplates/*": patches.text,
}
RESPONSE_RULES: patches.Rules = {
    "/selectionPattern": patches.text,
    "/responseParameters/*": patches.text,
    "/responseTemplates/*": patches.text,
}


@operation(SERVICE, "PutIntegration")
def put_integration(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    method = apis.method_of(api, request)
    refuse_members("PutIntegration", request, UNUSED)
    if request["type"] not in ("AWS", "MOCK"):
        raise not_emulated("PutIntegration", f"type {request['type']}", "Use AWS or MOCK.")
    if request.get("connectionType", "INTERNET") != "INTERNET":
        raise not_emulated("PutIntegration", "connectionType VPC_LINK", "Use INTERNET.")
    if request.get("responseTransferMode", "BUFFERED") != "BUFFERED":
        raise not_emulated("PutIntegration", "responseTransferMode STREAM", "Use BUFFERED.")
    known = method.get("methodIntegration", {})
    integration = {
        "type": request["type"],
        "httpMethod": request.get("integrationHttpMethod"),
        "passthroughBehavior": BEHAVIORS[0],
        "timeoutInMillis": request.get("timeoutInMillis", LONGEST),
        "cacheNamespace": request["resourceId"],
        "cacheKeyParameters": [],
        "integrationResponses": known.get("integrationResponses", {}),
        **{member: request[member] for member in MEMBERS if member in request},
    }
    _check(aws, method, integration)
    method["methodIntegration"] = integration
    apis.save(aws, api)
    return integration


def _check(aws: Aws, method: Doc, integration: Doc) -> None:
    if integration["type"] == "AWS":
        _check_service(aws, integration)
    if not SHORTEST <= integration["timeoutInMillis"] <= LONGEST:
        raise bad_request(f"Timeout should be between {SHORTEST} ms and {LONGEST} ms")
    if integration["passthroughBehavior"] not in BEHAVIORS:
        raise bad_request(f"Invalid passthroughBehavior. Use one of {', '.join(BEHAVIORS)}.")
    _check_templates(integration.get("requestTemplates", {}))
    mappings.check_request(integration.get("requestParameters", {}), method)


def _check_service(aws: Aws, integration: Doc) -> None:
    if not integration["httpMethod"]:
        raise bad_request("Enumeration value for HttpMethod must be non-empty")
    uri = URI.fullmatch(integration.get("uri") or "")
    if uri is None:
        raise not_emulated(
            "PutIntegration",
            f"uri {integration.get('uri')!r}",
            f"Use {FORM.replace('REGION', aws.region)}.",
        )
    if uri["region"] != aws.region:
        other = f"region {uri['region']} of uri"
        raise not_emulated("PutIntegration", other, f"Use {aws.region}.")
    if integration["httpMethod"] != "POST":
        raise bad_request("InvokeEndpoint is a POST. Set integrationHttpMethod to POST.")
    role = integration.get("credentials") or ""
    if not ROLE.fullmatch(role):
        raise bad_request("Role ARN must be specified for AWS integrations")
    if role.split(":")[4] != aws.account:
        raise bad_request("Cross-account pass role is not allowed.")


def _check_templates(templates: Mapping[str, str | None]) -> None:
    for content_type, text in templates.items():
        try:
            Template(text or "")
        except TemplateFailure as error:
            raise bad_request(f"Invalid mapping template for {content_type}: {error}") from None


def integration_of(method: Doc) -> Doc:
    """Return the integration of a method; raise AwsError."""
    integration: Doc | None = method.get("methodIntegration")
    if integration is None:
        raise not_found("Invalid Integration identifier specified")
    return integration


@operation(SERVICE, "GetIntegration")
def get_integration(aws: Aws, request: Doc) -> Doc:
    return integration_of(apis.method_of(apis.rest_api(aws, request), request))


@operation(SERVICE, "UpdateIntegration")
def update_integration(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    method = apis.method_of(api, request)
    integration = integration_of(method)
    patches.apply(integration, request.get("patchOperations"), RULES)
    _check(aws, method, integration)
    apis.save(aws, api)
    return integration


@operation(SERVICE, "DeleteIntegration")
def delete_integration(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    method = apis.method_of(api, request)
    integration_of(method)
    del method["methodIntegration"]
    apis.save(aws, api)
    return {}


@operation(SERVICE, "PutIntegrationResponse")
def put_integration_response(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    method = apis.method_of(api, request)
    integration = integration_of(method)
    refuse_members("PutIntegrationResponse", request, {"contentHandling": "Send text."})
    response = {
        "statusCode": request["statusCode"],
        "selectionPattern": request.get("selectionPattern"),
        "responseParameters": request.get("responseParameters", {}),
        "responseTemplates": request.get("responseTemplates", {}),
    }
    _check_response(method, response)
    integration["integrationResponses"][request["statusCode"]] = response
    apis.save(aws, api)
    return response


def _check_response(method: Doc, response: Doc) -> None:
    declared = method_response(method, response["statusCode"])
    pattern = response.get("selectionPattern") or ""
    try:
        regex.compile(pattern)
        valid = len(pattern) <= MOST_PATTERN
    except (regex.error, OverflowError):
        valid = False
    if not valid:
        raise bad_request(f"Invalid selection pattern specified: {pattern[:60]!r}")
    _check_templates(response["responseTemplates"])
    mappings.check_response(response["responseParameters"], declared["responseParameters"])


def _response_of(method: Doc, status: str) -> Doc:
    responses = integration_of(method)["integrationResponses"]
    return apis.member_of(responses, status, "Response status code")


@operation(SERVICE, "GetIntegrationResponse")
def get_integration_response(aws: Aws, request: Doc) -> Doc:
    method = apis.method_of(apis.rest_api(aws, request), request)
    return _response_of(method, request["statusCode"])


@operation(SERVICE, "UpdateIntegrationResponse")
def update_integration_response(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    method = apis.method_of(api, request)
    response = _response_of(method, request["statusCode"])
    patches.apply(response, request.get("patchOperations"), RESPONSE_RULES)
    _check_response(method, response)
    apis.save(aws, api)
    return response


@operation(SERVICE, "DeleteIntegrationResponse")
def delete_integration_response(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    method = apis.method_of(api, request)
    _response_of(method, request["statusCode"])
    del integration_of(method)["integrationResponses"][request["statusCode"]]
    apis.save(aws, api)
    return {}
