"""One request to a deployed API, as its templates and its log see it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from ...core.account import Aws
from ...wire.http import Scope
from ..addresses import Address
from ..deployed import Route, Stage

API_KEY = "x-api-key"


@dataclass
class ApiRequest:
    """A request with its parameters; *context* is `$context`."""

    address: Address
    method: str
    headers: Mapping[str, str]
    querystring: Mapping[str, str]
    body: bytes
    context: dict[str, Any]
    route: Route | None = None
    began: float = field(default_factory=time.perf_counter)

    @property
    def text(self) -> str:
        """Return the body as text, which API Gateway takes as UTF-8."""
        return self.body.decode("utf-8", "replace")

    @property
    def content_type(self) -> str:
        """Return the media type of the body, by default JSON."""
        given = self.headers.get("content-type", "application/json")
        return given.partition(";")[0].strip().lower() or "application/json"

    @property
    def parameters(self) -> dict[str, Mapping[str, str]]:
        """Return the parameters by their place."""
        variables = self.route.variables if self.route else {}
        return {"path": variables, "querystring": self.querystring, "header": self.headers}

    def parameter(self, place: str, name: str) -> str | None:
        """Return a parameter; the case of a header's name does not matter."""
        return self.parameters[place].get(name.lower() if place == "header" else name)


def read(aws: Aws, stage: Stage, address: Address, scope: Scope, body: bytes) -> ApiRequest:
    """Return the request of an ASGI scope."""
    headers = {n.decode("latin-1"): v.decode("latin-1") for n, v in scope["headers"]}
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    context = _context(aws, stage, address, scope, headers)
    return ApiRequest(address, scope["method"], headers, dict(query), body, context)


def _context(
    aws: Aws, stage: Stage, address: Address, scope: Scope, headers: Mapping[str, str]
) -> dict[str, Any]:
    now = aws.clock.now()
    moment = datetime.fromtimestamp(now, UTC)
    client = scope.get("client") or ("", 0)
    return {
        "accountId": aws.account,
        "apiId": stage.api,
        "deploymentId": stage.settings["deploymentId"],
        "domainName": address.domain,
        "domainPrefix": address.domain.partition(".")[0],
        "extendedRequestId": uuid.uuid4().hex[:16],
        "httpMethod": scope["method"],
        "identity": {
            "accountId": None,
            "apiKey": headers.get(API_KEY),
            "sourceIp": client[0],
            "userAgent": headers.get("user-agent"),
        },
        "path": f"/{stage.name}{address.path}",
        "protocol": f"HTTP/{scope.get('http_version', '1.1')}",
        "requestId": str(uuid.uuid4()),
        "requestTime": moment.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(now * 1000),
        "stage": stage.name,
        "requestOverride": {"header": {}, "path": {}, "querystring": {}},
        "responseOverride": {"header": {}},
    }
