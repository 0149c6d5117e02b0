"""Answer one request to a deployed API."""

from __future__ import annotations

import json
import logging
import time

from ...core.account import Aws
from ...core.store import Doc
from ..deployed import Stage
from ..gateway_responses import TEMPLATE, Refusal, chosen
from ..mappings import STATIC, context_value
from ..templates.budget import TemplateFailure
from . import admission, integrations, validation
from .integrations import JSON, Answer
from .request import ApiRequest

log = logging.getLogger(__name__)


async def answer(aws: Aws, stage: Stage, request: ApiRequest) -> Answer:
    """Return the response to a request; `$context` has its outcome afterwards."""
    try:
        result = await _executed(aws, stage, request)
    except Refusal as refusal:
        if refusal.__cause__ or refusal.status >= 500:
            why = refusal.__cause__ or refusal.message
            log.warning("%s %s: %s", request.method, request.context["path"], why)
        result = _refused(stage, request, refusal)
    context = request.context
    result.headers["x-amzn-requestid"] = context["requestId"]
    result.headers["x-amz-apigw-id"] = context["extendedRequestId"]
    context["status"] = result.status
    context["responseLength"] = len(result.body)
    context["responseLatency"] = round((time.perf_counter() - request.began) * 1000)
    return result


async def _executed(aws: Aws, stage: Stage, request: ApiRequest) -> Answer:
    route = stage.route(request.method, request.address.path)
    if route is None:
        raise Refusal("MISSING_AUTHENTICATION_TOKEN")
    request.route = route
    request.context["resourceId"] = route.resource["id"]
    request.context["resourcePath"] = route.resource["path"]
    admission.admit(aws, stage, route, request)
    await validation.check(stage, route, request)
    return await integrations.call(aws, stage, route, request)


def _refused(stage: Stage, request: ApiRequest, refusal: Refusal) -> Answer:
    """Return API Gateway's own response, as the API changes it."""
    request.context["error"] = {
        "message": refusal.message,
        "messageString": json.dumps(refusal.message),
        "responseType": refusal.kind,
    }
    response = chosen(stage.snapshot["responses"], refusal) or {}
    status = int(response.get("statusCode") or refusal.status)
    kind, body = _body(stage, request, response)
    headers = {"content-type": kind, "x-amzn-errortype": refusal.error}
    for target, source in response.get("responseParameters", {}).items():
        static = STATIC.fullmatch(source)
        name = source.removeprefix("context.")
        value = static["value"] if static else context_value(request.context, name)
        if value is not None:
            headers[target.removeprefix("gatewayresponse.header.").lower()] = value
    return Answer(status, {n: v for n, v in headers.items() if v}, body)


def _body(stage: Stage, request: ApiRequest, response: Doc) -> tuple[str, bytes]:
    templates = response.get("responseTemplates") or {JSON: TEMPLATE}
    kind, text = next(iter(templates.items()))
    variables = {
        "context": request.context,
        "stageVariables": stage.settings["variables"],
    }
    try:
        return kind, stage.template(text).render(variables).encode()
    except TemplateFailure as error:
        log.warning("A gateway response of %s failed: %s", stage.api, error)
        return JSON, b'{"message":"Internal server error"}'
