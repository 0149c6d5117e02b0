"""The front door: one ASGI app that sends every request to whoever answers it."""

from __future__ import annotations

import inspect
import logging
from dataclasses import dataclass

from . import account_builder, operations, pages  # noqa: F401  (importing it registers the operations)
from .core.account import Aws
from .core.registry import OPERATIONS
from .moto.proxy import MotoProxy
from .sagemaker.endpoints.fleet import Fleet
from .wire import codecs, model, naming
from .wire.errors import AwsError, not_emulated
from .wire.http import Receive, Scope, Send, answer, fields, read, refuse, reply, unpacked
from .wire.validation import validate

log = logging.getLogger(__name__)
METRICS = frozenset({"/BatchPutMetrics", "/BatchGetMetrics"})


@dataclass(frozen=True)
class Call:
    """An operation that a request asks for, and the protocol it speaks."""

    service: str
    operation: str
    codec: codecs.Codec = codecs.JSON


class App:
    """Routes by path and by the service that a request names."""

    def __init__(self, aws: Aws, moto: MotoProxy) -> None:
        self.aws = aws
        self.moto = moto
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
                await account_builder.stop(self.aws)
                await self.moto.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        headers = fields(scope)
        if naming.RUNTIME.fullmatch(path) and scope["method"] == "POST":
            await self.aws.part(Fleet).gateway(scope, receive, send)
        elif path == "/_local/health":
            await answer(send, 200 if self._ready else 503, {"status": "ready"})
        elif path.startswith("/_local/jobs/"):
            await pages.answer(send, self.aws, path)
        elif path.startswith("/_local/"):
            await answer(
                send,
                404,
                {"message": f"{path} is unknown; /_local/health, /faults and /jobs are there."},
            )
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
            await refuse(send, error, call.service, call.codec.content_type)
        except Exception:
            log.exception("%s:%s failed", call.service, call.operation)
            message = (
                f"{call.service}:{call.operation} failed inside the embedded AWS; "
                "its log says where."
            )
            failure = AwsError("InternalFailure", message, 500)
            await refuse(send, failure, call.service, call.codec.content_type)

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
    if rpc := naming.RPC.fullmatch(path):
        target, name, codec = rpc[1], rpc[2], codecs.CBOR
    else:
        target, _, name = headers.get("x-amz-target", "").partition(".")
        codec = codecs.JSON
    service = model.service_of_target(target) if target else None
    return Call(service, name, codec) if service else None
