"""Validate requests by the request validator of their method."""

from __future__ import annotations

import asyncio
import json

from ...core.store import Doc
from ..deployed import Route, Stage
from ..gateway_responses import Refusal
from ..schemas import Model
from .request import ApiRequest

ANY_TYPE = "$default"  # of a model for every content type
LARGE = 64 << 10  # bytes of a body that is validated in a thread


async def check(stage: Stage, route: Route, request: ApiRequest) -> None:
    """Raise Refusal for a request without required parameters, or with an invalid body."""
    validators: Doc = stage.snapshot["validators"]
    validator = validators.get(route.method.get("requestValidatorId", ""))
    if validator is None:
        return
    if validator["validateRequestParameters"]:
        _check_parameters(route.method, request)
    if validator["validateRequestBody"]:
        await _check_body(stage, route.method, request)


def _check_parameters(method: Doc, request: ApiRequest) -> None:
    required = [name for name, needed in method.get("requestParameters", {}).items() if needed]
    places = [name.removeprefix("method.request.").split(".", 1) for name in required]
    missing = [name for place, name in places if not request.parameter(place, name)]
    if missing:
        names = ", ".join(missing)
        raise Refusal("BAD_REQUEST_PARAMETERS", f"Missing required request parameters: [{names}]")


async def _check_body(stage: Stage, method: Doc, request: ApiRequest) -> None:
    models = method.get("requestModels", {})
    name = models.get(request.content_type) or models.get(ANY_TYPE)
    model = stage.model(name) if name else None
    if model is None:
        return
    if len(request.body) > LARGE:
        is_valid = await asyncio.to_thread(_fits, model, request.body)
    else:
        is_valid = _fits(model, request.body)
    if not is_valid:
        raise Refusal("BAD_REQUEST_BODY")


def _fits(model: Model, body: bytes) -> bool:
    try:
        return model.accepts(json.loads(body or b"{}"))
    except (ValueError, RecursionError):
        return False
