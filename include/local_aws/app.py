"""The front door: one ASGI app that sends every request to whoever answers it."""

from __future__ import annotations

import gzip
import inspect
import json
import logging
import re
import uuid
import zlib
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from include.local_aws import services  # noqa: F401  (importing it registers the operations)
from include.local_aws.context import Aws
from include.local_aws.moto_proxy import MotoProxy
from include.local_aws.registry import OPERATIONS
from include.local_aws.wire import codecs, model
from include.local_aws.wire.errors import AwsError, not_emulated
from include.local_aws.wire.validation import validate

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Field = tuple[bytes, bytes]

log = logging.getLogger(__name__)
INVOCATION = re.compile(r"/endpoints/[^/]+/(async-)?invocations[^/]*")
RPC = re.compile(r"/service/([^/]+)/operation/([^/]+)")
METRICS = frozenset({"/BatchPutMetrics", "/BatchGetMetrics"})


@dataclass(frozen=True)
class Call:
    """An operation that a request asks for, and the protocol it speaks."""

    service: str
    operation: str
    codec: codecs.Codec = codecs.JSON


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
        if INVOCATION.fullmatch(path) and scope["method"] == "POST":
            await self.aws.fleet.gateway(scope, receive, send)
        elif path == "/_local/health":
            await answer(send, 200 if self._ready else 503, {"status": "ready"})
        elif path.startswith("/_local/"):
            await answer(send, 404, {"message": f"{path} is unknown; /_local/health is there."})
        elif call := called(path, headers):
            body = unpacked(await read(receive), headers)
            await self._answer_operation(send, call, body)
        else:
            await self.moto.forward(scope, receive, send)

    async def _answer_operation(self, send: Send, call: Call, body: bytes) -> None:
        try:
            document = await self.call(call, body)
            await reply(send, 200, document, call.codec.headers)
        except AwsError as error:
            await refuse(send, error, call.codec)
        except Exception:
            log.exception("%s:%s failed", call.service, call.operation)
            message = (
                f"{call.service}:{call.operation} failed inside the embedded AWS; "
                "its log says where."
            )
            await refuse(send, AwsError("InternalFailure", message, 500), call.codec)

    async def call(self, call: Call, body: bytes) -> bytes:
        """Validate, run and project one operation."""
        operation = model.operation(call.service, call.operation)
        if operation is None:
            message = f"{call.service} has no operation {call.operation!r}."
            raise AwsError("UnknownOperationException", message)
        request = call.codec.parsed(body)
        validate(request, operation.input_shape)
        handler = OPERATIONS.get((call.service, call.operation))
        if handler is None:
            raise not_emulated(call.service, call.operation)
        result = handler(self.aws, request)
        if inspect.isawaitable(result):
            result = await result
        return call.codec.write(result, operation.output_shape)


def called(path: str, headers: dict[str, str]) -> Call | None:
    """The operation of ours that a request names; None when it is for moto."""
    if path in METRICS:
        return Call("sagemaker-metrics", path.strip("/"))
    if rpc := RPC.fullmatch(path):
        target, name, codec = rpc[1], rpc[2], codecs.CBOR
    else:
        target, _, name = headers.get("x-amz-target", "").partition(".")
        codec = codecs.JSON
    service = model.service_of_target(target) if target else None
    return Call(service, name, codec) if service else None


async def read(receive: Receive) -> bytes:
    """The whole body of a request."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def unpacked(body: bytes, headers: dict[str, str]) -> bytes:
    """boto3 compresses large requests, PutMetricData above all; broken ones fail as unreadable."""
    if headers.get("content-encoding") != "gzip":
        return body
    try:
        return gzip.decompress(body)
    except (OSError, EOFError, zlib.error):
        return body


async def reply(send: Send, status: int, body: bytes, headers: tuple[Field, ...]) -> None:
    fields = [
        (b"content-length", str(len(body)).encode()),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


async def answer(send: Send, status: int, document: Any, *headers: Field) -> None:
    """A JSON document that no model describes."""
    fields = (*codecs.JSON.headers, *headers)
    await reply(send, status, json.dumps(document).encode(), fields)


async def refuse(send: Send, error: AwsError, codec: codecs.Codec = codecs.JSON) -> None:
    """An error as AWS's protocols have it."""
    document = {"__type": error.code, "message": error.message}
    headers = (*codec.headers, (b"x-amzn-errortype", error.code.encode()))
    await reply(send, error.status, codec.write(document, codecs.ERROR), headers)
