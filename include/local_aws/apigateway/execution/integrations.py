"""Call the integration of a method: map the request, call SageMaker, map the response."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import regex

from ...core.account import Aws
from ...core.store import Doc
from .. import mappings
from ..deployed import Route, Stage
from ..gateway_responses import Refusal
from ..templates import jsonpath
from ..templates.budget import TemplateFailure, limited
from ..templates.values import Variable, text_of
from ..templates.variables import UTIL, Input
from . import sagemaker
from .request import ApiRequest

JSON = "application/json"
PATIENCE = 0.05


@dataclass
class Answer:
    """A response to the client."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


async def call(aws: Aws, stage: Stage, route: Route, request: ApiRequest) -> Answer:
    """Return the answer of the method's integration; raise Refusal."""
    integration = route.method["methodIntegration"]
    try:
        body = _request_body(stage, integration, request)
        if integration["type"] == "MOCK":
            reply = sagemaker.Reply(_mock_status(body), {}, b"")
        else:
            reply = await _service(aws, stage, integration, request, body)
        return _answer(stage, integration, request, reply)
    except TemplateFailure as error:
        raise Refusal("API_CONFIGURATION_ERROR") from error


def _mock_status(body: bytes) -> int:
    try:
        status = json.loads(body)["statusCode"]
        return int(status)
    except (ValueError, LookupError, TypeError):
        raise TemplateFailure('The template of a MOCK must make {"statusCode": 200}.') from None


async def _service(
    aws: Aws, stage: Stage, integration: Doc, request: ApiRequest, body: bytes
) -> sagemaker.Reply:
    sent = _parameters(stage, integration, request)
    uri = _filled(integration["uri"], stage, sent["path"])
    began = time.perf_counter()
    try:
        async with asyncio.timeout(integration["timeoutInMillis"] / 1000):
            reply = await sagemaker.invoke(
                aws, integration["credentials"], uri, sent["header"], body
            )
    except TimeoutError:
        raise Refusal("INTEGRATION_TIMEOUT") from None
    milliseconds = round((time.perf_counter() - began) * 1000)
    request.context["integrationLatency"] = milliseconds
    request.context["integrationStatus"] = reply.status
    request.context["integration"] = {"latency": milliseconds, "status": reply.status}
    return reply


def _request_body(stage: Stage, integration: Doc, request: ApiRequest) -> bytes:
    """Return the body for the integration: from its template, or the client's own."""
    templates: Mapping[str, str | None] = integration.get("requestTemplates") or {}
    if request.content_type in templates:
        variables = _variables(stage, request, request.text, request.parameters)
        template = stage.template(templates[request.content_type] or "")
        return template.render(variables).encode()
    behavior = integration["passthroughBehavior"]
    if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and templates):
        raise Refusal("UNSUPPORTED_MEDIA_TYPE")
    return request.body


def _variables(
    stage: Stage, request: ApiRequest, body: str, parameters: Mapping[str, Mapping[str, str]]
) -> dict[str, Variable | Mapping[str, Any]]:
    return {
        "input": Input(body, parameters).variable(),
        "util": UTIL,
        "context": request.context,
        "stageVariables": stage.settings["variables"],
    }


def _parameters(stage: Stage, integration: Doc, request: ApiRequest) -> dict[str, dict[str, str]]:
    """Return what is sent in the path, the query and the header."""
    kind = request.headers.get("content-type", JSON)
    sent: dict[str, dict[str, str]] = {
        "header": {"content-type": kind, "accept": JSON},
        "path": {},
        "querystring": {},
    }
    sources = mappings.Sources(
        request.context,
        stage.settings["variables"],
        request.parameter,
        lambda path: _in_body(path, request.body),
    )
    for target, source in (integration.get("requestParameters") or {}).items():
        match = mappings.TO_INTEGRATION.fullmatch(target)
        value = sources.value(source)
        if match and value is not None:
            name = match["name"].lower() if match["place"] == "header" else match["name"]
            sent[match["place"]][name] = value
    for place, values in request.context["requestOverride"].items():
        given = {n.lower() if place == "header" else n: text_of(v) for n, v in values.items()}
        sent.get(place, {}).update(given)
    return sent


def _filled(uri: str, stage: Stage, variables: Mapping[str, str]) -> str:
    """Return *uri* with the variables of the stage and of the path in their places."""
    for name, value in stage.settings["variables"].items():
        uri = uri.replace(f"${{stageVariables.{name}}}", value)
    for name, value in variables.items():
        uri = uri.replace(f"{{{name}}}", value)
    return uri


def _in_body(path: str, body: bytes) -> str | None:
    if path == "$":
        return body.decode("utf-8", "replace")
    with limited():
        try:
            value = jsonpath.find(json.loads(body or b"{}"), path)
            return None if value is None else text_of(value)
        except (TemplateFailure, ValueError, RecursionError):
            return None


def _answer(stage: Stage, integration: Doc, request: ApiRequest, reply: sagemaker.Reply) -> Answer:
    response = _chosen(integration["integrationResponses"], reply.status)
    kind, body = _response_body(stage, response, request, reply)
    answer = Answer(int(response["statusCode"]), {"content-type": kind}, body)
    sources = mappings.Sources(
        request.context,
        stage.settings["variables"],
        lambda _, name: reply.headers.get(name.lower()),
        lambda path: _in_body(path, reply.body),
    )
    for target, source in response["responseParameters"].items():
        name = mappings.TO_CLIENT.fullmatch(target)
        if name and (value := sources.value(source)) is not None:
            answer.headers[name["name"].lower()] = value
    _override(answer, request)
    return answer


def _chosen(responses: Mapping[str, Doc], status: int) -> Doc:
    """Return the response whose pattern the status matches, else the one without a pattern."""
    usual = None
    for response in responses.values():
        pattern = response.get("selectionPattern")
        if not pattern:
            usual = usual or response
        elif _is_match(pattern, str(status)):
            return response
    if usual is None:
        raise Refusal("API_CONFIGURATION_ERROR")
    return usual


def _is_match(pattern: str, text: str) -> bool:
    try:
        return bool(regex.fullmatch(pattern, text, timeout=PATIENCE))
    except TimeoutError:
        return False


def _response_body(
    stage: Stage, response: Doc, request: ApiRequest, reply: sagemaker.Reply
) -> tuple[str, bytes]:
    templates: Mapping[str, str | None] = response["responseTemplates"]
    accepted = request.headers.get("accept", "").partition(",")[0].partition(";")[0].strip()
    kind = accepted if accepted in templates else next(iter(templates), None)
    if kind is None:
        return JSON, reply.body
    if not templates[kind]:
        return kind, reply.body
    header = {"header": reply.headers, "path": {}, "querystring": {}}
    variables = _variables(stage, request, reply.body.decode("utf-8", "replace"), header)
    return kind, stage.template(templates[kind] or "").render(variables).encode()


def _override(answer: Answer, request: ApiRequest) -> None:
    override = request.context["responseOverride"]
    if (status := override.get("status")) is not None:
        if not (isinstance(status, int) and 200 <= status <= 599):
            raise TemplateFailure("$context.responseOverride.status is not a status.")
        answer.status = status
    for name, value in override["header"].items():
        answer.headers[name.lower()] = text_of(value)
