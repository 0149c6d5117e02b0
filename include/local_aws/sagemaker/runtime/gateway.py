"""The data plane: `POST /endpoints/{name}/invocations`, from the client to a model and back."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ...wire.errors import AwsError
from ...wire.http import Disconnected
from . import async_requests
from .connections import ConnectionLostError, Header, Response
from .errors import ModelError, invalid, model_error, silent
from .headers import (
    CONTENT_TYPE,
    CUSTOM_ATTRIBUTES,
    FAILURE_LOCATION,
    INVOKED_VARIANT,
    OUTPUT_LOCATION,
    TARGET_VARIANT,
    Headers,
    forwarded,
)
from .targets import target_of

if TYPE_CHECKING:
    from ...core.account import Aws
    from .async_queue import AsyncQueue
    from .deployments import Variant
    from .observations import Observations
    from .shadows import Shadows
    from .traffic import Traffic

REFUSED = {
    b"x-amzn-sagemaker-inference-component": "InferenceComponentName: inference components",
    b"x-amzn-sagemaker-session-id": "SessionId: stateful sessions",
    b"x-amzn-sagemaker-enable-explanations": "EnableExplanations: explainers",
}
PAYLOAD_LIMIT = 6 * 1024 * 1024
INVOCATION_SECONDS = 60.0
RETRY_SECONDS = 0.01
OPERATIONS = frozenset({"InvokeEndpoint", "InvokeEndpointAsync"})


class Gateway:
    """An ASGI app that selects a variant and sends the body to its least loaded instance."""

    def __init__(
        self,
        aws: Aws,
        live: Mapping[str, Traffic],
        observations: Observations,
        shadows: Shadows,
        queue: AsyncQueue,
    ) -> None:
        """Serve the endpoints of *live*, by name."""
        self._aws = aws
        self._live = live
        self._observations = observations
        self._shadows = shadows
        self._queue = queue

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        began = time.perf_counter()
        _, _, name, action = (*scope["path"].split("/", 3), "")[:4]
        try:
            if action == "invocations":
                await self._invoke(unquote(name), scope, receive, send, began)
            elif action == "async-invocations":
                await self._enqueue(unquote(name), scope, receive, send)
            else:
                raise invalid(f"{scope['path']} is not emulated. Use InvokeEndpoint.")
        except AwsError as error:
            await _refuse(send, error)

    async def _invoke(self, name: str, scope: Any, receive: Any, send: Any, began: float) -> None:
        traffic = self._traffic(name)
        headers: Headers = dict(scope["headers"])
        body = await _read(receive)
        if refused := REFUSED.keys() & headers.keys():
            raise invalid(f"{REFUSED[refused.pop()]} are not emulated. Remove the header.")
        if traffic.present.asynchronous is not None:
            raise invalid(f"Endpoint {name} is asynchronous. Use InvokeEndpointAsync.")
        called = time.perf_counter()
        variant, response = await self._call(traffic, name, headers, body)
        model_seconds = time.perf_counter() - called
        good = 200 <= response.status < 300
        if good:
            await _answer(send, variant, response)
        overhead = time.perf_counter() - began - model_seconds
        request = (headers, body)
        self._observations.record(name, variant, request, response, model_seconds, overhead)
        if variant.deployment.shadows:
            self._shadows.copy(name, variant, headers, body)
        if not good:
            raise model_error(self._aws, name, response)

    async def _enqueue(self, name: str, scope: Any, receive: Any, send: Any) -> None:
        config = self._traffic(name).present.asynchronous
        body = await _read(receive)
        if config is None:
            raise invalid(f"Endpoint {name} is not asynchronous. Use InvokeEndpoint.")
        doc = async_requests.accept(self._aws, name, config, dict(scope["headers"]), body)
        self._queue.add(doc)
        places = [
            (OUTPUT_LOCATION, doc["OutputLocation"]),
            (FAILURE_LOCATION, doc["FailureLocation"]),
        ]
        fields = [(header, place.encode()) for header, place in places if place]
        await _send(send, 202, fields, json.dumps({"InferenceId": doc["InferenceId"]}).encode())

    def _traffic(self, name: str) -> Traffic:
        traffic = self._live.get(name)
        if traffic is None:
            raise invalid(f"Endpoint {name} of account {self._aws.account} not found.")
        return traffic

    async def _call(
        self, traffic: Traffic, name: str, headers: Headers, body: bytes
    ) -> tuple[Variant, Response]:
        """Return the model's response, or the error for a model that did not respond."""
        kept = forwarded(headers)
        variant = _variant(traffic, headers, name)
        target = target_of(variant, headers, name)
        try:
            async with asyncio.timeout(INVOCATION_SECONDS):
                while (response := await variant.ask(kept, body, target)) is None:
                    await asyncio.sleep(RETRY_SECONDS)
                    variant = _variant(traffic, headers, name)  # the traffic may have shifted
                    target = target_of(variant, headers, name)
        except TimeoutError:
            return variant, silent(
                "Your invocation timed out while waiting for a response from container primary. "
                "Review the latency metrics for each container in Amazon CloudWatch, resolve the "
                "issue, and try again."
            )
        except ConnectionLostError as lost:
            return variant, silent(str(lost))
        if len(response.body) > PAYLOAD_LIMIT:
            return variant, silent(f"The response exceeded {PAYLOAD_LIMIT} bytes.")
        return variant, response


def _variant(traffic: Traffic, headers: Headers, endpoint: str) -> Variant:
    target = headers.get(TARGET_VARIANT)
    name = None if target is None else target.decode("latin-1")
    variant = traffic.choose(name)
    if variant is None:
        known = ", ".join(traffic.present.variants)
        raise invalid(f"Variant {name} not found in endpoint {endpoint}. It has: {known}.")
    return variant


async def _read(receive: Any) -> bytes:
    """Return the body; read a too large one to its end, or the client would get a reset."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    if not message.get("more_body"):
        body = message.get("body", b"")
    else:
        parts = bytearray(message.get("body", b""))
        while message.get("more_body"):
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            if len(parts) <= PAYLOAD_LIMIT:
                parts += message.get("body", b"")
        body = bytes(parts)
    if len(body) > PAYLOAD_LIMIT:
        raise AwsError("413", f"HTTP content length exceeded {PAYLOAD_LIMIT} bytes.", 413)
    return bytes(body)


async def _answer(send: Any, variant: Variant, response: Response) -> None:
    fields = [h for h in response.headers if h[0] in (CONTENT_TYPE, CUSTOM_ATTRIBUTES)]
    await _send(send, 200, [(INVOKED_VARIANT, variant.name.encode()), *fields], response.body)


async def _refuse(send: Any, error: AwsError) -> None:
    members = error.members if isinstance(error, ModelError) else {}
    body = json.dumps({"Message": error.message, "message": error.message} | members).encode()
    fields = [(CONTENT_TYPE, b"application/json"), (b"x-amzn-errortype", error.code.encode())]
    await _send(send, error.status, fields, body)


async def _send(send: Any, status: int, fields: list[Header], body: bytes) -> None:
    length = (b"content-length", b"%d" % len(body))
    headers = [length, (b"x-amzn-requestid", str(uuid.uuid4()).encode()), *fields]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
