"""The front door: one ASGI app that sends every request to whoever answers it."""

from __future__ import annotations

import inspect
import json
import logging
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from include.local_aws import services  # noqa: F401  (importing it registers the operations)
from include.local_aws.context import Aws
from include.local_aws.moto_proxy import MotoProxy
from include.local_aws.registry import OPERATIONS
from include.local_aws.wire import model
from include.local_aws.wire.errors import AwsError, not_emulated
from include.local_aws.wire.validation import validate

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)
JSON = b"application/x-amz-json-1.1"


class App:
    """Routes by path and by the service that a request names."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.moto = MotoProxy(aws.options)
        self._ready = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            event = await receive()
            if event["type"] == "lifespan.startup":
                await self.moto.start()
                self._ready = True
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.aws.stop()
                await self.moto.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        if path.startswith("/endpoints/"):
            await self.aws.fleet.gateway(scope, receive, send)
        elif path == "/_local/health":
            await answer(send, 200 if self._ready else 503, {"status": "ready"})
        elif path == "/BatchPutMetrics":
            body = await read(receive)
            await self._answer_operation(send, "sagemaker-metrics", "BatchPutMetrics", body)
        elif service := _service(headers.get("x-amz-target", "")):
            name = headers["x-amz-target"].partition(".")[2]
            await self._answer_operation(send, service, name, await read(receive))
        else:
            await self.moto.forward(scope, receive, send)

    async def _answer_operation(self, send: Send, service: str, name: str, body: bytes) -> None:
        try:
            await answer(send, 200, await self.call(service, name, body))
        except AwsError as error:
            await refuse(send, error)
        except Exception:
            log.exception("%s:%s failed", service, name)
            message = f"{service}:{name} failed inside the embedded AWS; its log says where."
            await refuse(send, AwsError("InternalFailure", message, 500))

    async def call(self, service: str, name: str, body: bytes) -> Any:
        """Validate, run and project one operation."""
        operation = model.operation(service, name)
        if operation is None:
            raise AwsError("UnknownOperationException", f"{service} has no operation {name!r}.")
        request = _parsed(body)
        validate(request, operation.input_shape)
        handler = OPERATIONS.get((service, name))
        if handler is None:
            raise not_emulated(service, name)
        result = handler(self.aws, request)
        if inspect.isawaitable(result):
            result = await result
        return model.project(result, operation.output_shape) if operation.output_shape else {}


def _service(target: str) -> str | None:
    return model.service_of_target(target.partition(".")[0]) if target else None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body or b"{}")
    except ValueError:
        raise AwsError("SerializationException", "Could not parse request body") from None


async def read(receive: Receive) -> bytes:
    """The whole body of a request."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


async def answer(send: Send, status: int, document: Any, *headers: tuple[bytes, bytes]) -> None:
    body = json.dumps(document).encode()
    fields = [
        (b"content-type", JSON),
        (b"content-length", str(len(body)).encode()),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


async def refuse(send: Send, error: AwsError) -> None:
    """An error as AWS's JSON protocols have it."""
    document = {"__type": error.code, "message": error.message, "Message": error.message}
    header = (b"x-amzn-errortype", error.code.encode())
    await answer(send, error.status, document, header)
