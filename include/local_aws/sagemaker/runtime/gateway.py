"""The data plane: `POST /endpoints/{name}/invocations`, from the client to a model and back."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from ...wire.errors import AwsError
from . import async_requests
from .connections import PAYLOAD_LIMIT, ConnectionLostError, Response
from .errors import invalid, model_error, silent
from .headers import FAILURE_LOCATION, OUTPUT_LOCATION, Headers
from .messages import answer, part, read, refuse, respond, start_stream
from .routing import Router
from .streaming import Stream, broken, payload_part

if TYPE_CHECKING:
    from ...core.account import Aws
    from .async_queue import AsyncQueue
    from .components import Component
    from .deployments import Variant
    from .observations import Observations
    from .shadows import Shadows
    from .traffic import Traffic

REFUSED = {
    b"x-amzn-sagemaker-session-id": "SessionId: stateful sessions",
    b"x-amzn-sagemaker-enable-explanations": "EnableExplanations: explainers",
}
INVOCATION_SECONDS = 60.0
RETRY_SECONDS = 0.01
OPERATIONS = frozenset(
    {"InvokeEndpoint", "InvokeEndpointAsync", "InvokeEndpointWithResponseStream"}
)


class Gateway:
    """An ASGI app that selects a variant and sends the body to its least loaded instance."""

    def __init__(
        self,
        aws: Aws,
        live: Mapping[str, Traffic],
        observations: Observations,
        shadows: Shadows,
        queue: AsyncQueue,
        components: Mapping[str, Component],
    ) -> None:
        """Serve the endpoints of *live* and their *components*, by name."""
        self._aws = aws
        self._live = live
        self._observations = observations
        self._shadows = shadows
        self._queue = queue
        self._router = Router(aws, components, observations)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        began = time.perf_counter()
        _, _, name, action = (*scope["path"].split("/", 3), "")[:4]
        try:
            if action == "invocations":
                await self._invoke(unquote(name), scope, receive, send, began)
            elif action == "invocations-response-stream":
                await self._stream(unquote(name), scope, receive, send, began)
            elif action == "async-invocations":
                await self._enqueue(unquote(name), scope, receive, send)
            else:
                raise invalid(f"{scope['path']} is not emulated. Use InvokeEndpoint.")
        except AwsError as error:
            await refuse(send, error)

    async def _invoke(self, name: str, scope: Any, receive: Any, send: Any, began: float) -> None:
        traffic, headers, body = await self._request(name, scope, receive)
        called = time.perf_counter()
        variant, response = await self._call(traffic, name, headers, body)
        model_seconds = time.perf_counter() - called
        if response.is_success:
            await answer(send, variant, response)
        overhead = time.perf_counter() - began - model_seconds
        self._record(name, variant, (headers, body), response, model_seconds, overhead)
        if not response.is_success:
            raise model_error(self._aws, name, response, variant.component)

    async def _stream(self, name: str, scope: Any, receive: Any, send: Any, began: float) -> None:
        """Send the pieces of the model's response as events, while they arrive."""
        traffic, headers, body = await self._request(name, scope, receive)
        called, stream, started = time.perf_counter(), Stream(), False
        call = asyncio.create_task(self._call(traffic, name, headers, body, stream))
        call.add_done_callback(lambda _: stream.end())
        try:
            while (piece := await stream.next()) is not None:
                if not started:
                    await start_stream(send, stream)
                    started = True
                await send(part(payload_part(piece)))
        finally:
            if not call.done():
                call.cancel()
        variant, response = await call
        model_seconds = time.perf_counter() - called
        overhead = called - began
        self._record(name, variant, (headers, body), response, model_seconds, overhead)
        if not started:
            if not response.is_success:
                raise model_error(self._aws, name, response, variant.component)
            await start_stream(send, stream)
        elif not response.is_success:
            await send(part(broken(response.body.decode())))
        await send({"type": "http.response.body", "body": b""})

    async def _request(self, name: str, scope: Any, receive: Any) -> tuple[Traffic, Headers, bytes]:
        """Return a request to a real-time endpoint; refuse what is not emulated."""
        traffic = self._traffic(name)
        headers: Headers = dict(scope["headers"])
        body = await read(receive)
        if refused := REFUSED.keys() & headers.keys():
            raise invalid(f"{REFUSED[refused.pop()]} are not emulated. Remove the header.")
        if traffic.present.asynchronous is not None:
            raise invalid(f"Endpoint {name} is asynchronous. Use InvokeEndpointAsync.")
        return traffic, headers, body

    def _record(
        self,
        name: str,
        variant: Variant,
        request: tuple[Headers, bytes],
        response: Response,
        model_seconds: float,
        overhead: float,
    ) -> None:
        self._observations.record(name, variant, request, response, model_seconds, overhead)
        if variant.deployment.shadows:
            self._shadows.copy(name, variant, *request)

    async def _enqueue(self, name: str, scope: Any, receive: Any, send: Any) -> None:
        config = self._traffic(name).present.asynchronous
        body = await read(receive)
        if config is None:
            raise invalid(f"Endpoint {name} is not asynchronous. Use InvokeEndpoint.")
        doc = async_requests.accept(self._aws, name, config, dict(scope["headers"]), body)
        self._queue.add(doc)
        places = [
            (OUTPUT_LOCATION, doc["OutputLocation"]),
            (FAILURE_LOCATION, doc["FailureLocation"]),
        ]
        fields = [(header, place.encode()) for header, place in places if place]
        await respond(send, 202, fields, json.dumps({"InferenceId": doc["InferenceId"]}).encode())

    def _traffic(self, name: str) -> Traffic:
        traffic = self._live.get(name)
        if traffic is None:
            raise invalid(f"Endpoint {name} of account {self._aws.account} not found.")
        return traffic

    async def _call(
        self,
        traffic: Traffic,
        name: str,
        headers: Headers,
        body: bytes,
        stream: Stream | None = None,
    ) -> tuple[Variant, Response]:
        """Return the model's response, or the error for a model that did not respond."""
        variant, invocation = self._router.directed(traffic, headers, name, body, stream)
        try:
            async with asyncio.timeout(INVOCATION_SECONDS):
                while (response := await variant.ask(invocation)) is None:
                    await asyncio.sleep(RETRY_SECONDS)  # the traffic may have shifted then
                    traffic = self._traffic(name)  # or its endpoint was deleted
                    variant, invocation = self._router.directed(
                        traffic, headers, name, body, stream
                    )
        except TimeoutError:
            return variant, silent(
                "Your invocation timed out while waiting for a response from container primary. "
                "Review the latency metrics for each container in Amazon CloudWatch, resolve the "
                "issue, and try again."
            )
        except ConnectionLostError as lost:
            return variant, silent(str(lost))
        if stream is None and len(response.body) > PAYLOAD_LIMIT:
            return variant, silent(f"The response exceeded {PAYLOAD_LIMIT} bytes.")
        return variant, response
