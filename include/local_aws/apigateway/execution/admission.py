"""Admit requests: API keys, usage plans, quotas and throttling, in API Gateway's order."""

from __future__ import annotations

import time

from ...core.account import Aws
from ...core.store import Doc
from ..deployed import Deployed, Route, Stage
from ..gateway_responses import Refusal
from ..usage import Usage
from .request import API_KEY, ApiRequest

Limit = tuple[float, int]  # requests a second, burst


class Throttles:
    """Token buckets of methods and of keys."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, ...], tuple[Limit, float, float]] = {}

    def take(self, place: tuple[str, ...], limit: Limit) -> bool:
        """Return whether one more request fits; a changed limit starts with a full bucket."""
        rate, burst = limit
        now = time.monotonic()
        known, tokens, since = self._buckets.get(place, (limit, float(burst), now))
        if known != limit:
            tokens, since = float(burst), now
        tokens = min(float(burst), tokens + (now - since) * rate)
        is_admitted = tokens >= 1
        self._buckets[place] = limit, tokens - is_admitted, now
        return is_admitted


def admit(aws: Aws, stage: Stage, route: Route, request: ApiRequest) -> None:
    """Raise Refusal for a request without a valid key, or beyond a limit."""
    throttles = aws.part(Throttles)
    if route.method["apiKeyRequired"]:
        _admit_key(aws, throttles, stage, request)
    resource, method = route.resource["path"], route.method["httpMethod"]
    limit = _method_limit(stage.settings["methodSettings"], resource, method)
    if limit and not throttles.take((stage.api, stage.name, resource, method), limit):
        raise Refusal("THROTTLED")


def _admit_key(aws: Aws, throttles: Throttles, stage: Stage, request: ApiRequest) -> None:
    deployed = aws.part(Deployed)
    key = deployed.key(request.headers.get(API_KEY, ""))
    plan = deployed.plan(key["id"], stage) if key else None
    if key is None or plan is None:
        raise Refusal("INVALID_API_KEY")
    request.context["identity"]["apiKeyId"] = key["id"]
    throttle = plan.get("throttle") or {}
    limit = _limit(throttle.get("rateLimit"), throttle.get("burstLimit"))
    if limit and not throttles.take((plan["id"], key["id"]), limit):
        raise Refusal("THROTTLED")
    if not aws.part(Usage).take(plan, key["id"]):
        raise Refusal("QUOTA_EXCEEDED")


def _method_limit(settings: Doc, resource: str, method: str) -> Limit | None:
    """Return the limit of a method: its own, else that of all methods of the stage."""
    own = settings.get(f"{resource.lstrip('/')}/{method}", {})
    usual = settings.get("*/*", {})
    values = usual | own
    return _limit(values.get("throttlingRateLimit"), values.get("throttlingBurstLimit"))


def _limit(rate: float | None, burst: int | None) -> Limit | None:
    if rate is None and burst is None:
        return None
    return (10_000.0 if rate is None else rate), (5_000 if burst is None else burst)
