"""Call an endpoint by the gateway that InvokeEndpoint has, as the role of the integration."""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from ...core.account import Aws
from ...sagemaker.runtime.gateway import Gateway
from ..integration_uris import endpoint_of


@dataclass
class Reply:
    """The response of an integration; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def invoke(aws: Aws, role: str, uri: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Return the endpoint's response, or the error that SageMaker answers."""
    endpoint = endpoint_of(uri)
    place = aws.account, aws.region
    arn = aws.arn(f"endpoint/{endpoint.lower()}")
    denial = await aws.credentials.denial(place, role, "sagemaker:InvokeEndpoint", arn)
    if denial:
        kind = {"content-type": "application/json", "x-amzn-errortype": "AccessDeniedException"}
        return Reply(403, kind, json.dumps({"Message": denial}).encode())
    exchange = _Exchange(body)
    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/endpoints/{endpoint}/invocations",
        "query_string": b"",
        "headers": [(n.encode("latin-1"), _encoded(v)) for n, v in headers.items()],
    }
    await aws.part(Gateway)(scope, exchange.receive, exchange.send)
    return exchange.reply()


def _encoded(value: str) -> bytes:
    return value.replace("\r", " ").replace("\n", " ").encode("latin-1", "replace")


class _Exchange:
    """One request and its response over ASGI, in memory."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._status = 500
        self._headers: dict[str, str] = {}
        self._parts: list[bytes] = []

    async def receive(self) -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": self._body}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            pairs = message["headers"]
            self._headers = {n.decode("latin-1").lower(): v.decode("latin-1") for n, v in pairs}
        else:
            self._parts.append(message.get("body", b""))

    def reply(self) -> Reply:
        return Reply(self._status, self._headers, b"".join(self._parts))
