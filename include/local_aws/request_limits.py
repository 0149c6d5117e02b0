"""Limit the bodies of all routes: too large, too slow or incomplete ones reach no operation."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import MutableMapping
from typing import Any

from .wire import credentials, model, naming
from .wire.errors import AwsError
from .wire.http import (
    App,
    Disconnected,
    Receive,
    Scope,
    Send,
    fields,
    refuse,
    too_large,
)

MB = 1 << 20
UNCHECKED = MB  # every route accepts as much
OURS, TARGETED = 4 * MB, 16 * MB
REST = 70 * MB  # Lambda's archive of 50 MB, in base64
OBJECT = 5 << 30  # the maximum of one PutObject
PATIENCE = 60.0  # seconds to wait for a body, and more as it arrives:
LEAST_RATE = 16 << 10  # bytes a second


class RequestLimits:
    """Passes complete bodies to *app*, or ends its request."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = Body(scope, receive)
        with contextlib.suppress(Disconnected):
            try:
                await self._app(scope, body.receive, send)
            except AwsError as error:
                await body.drain()
                await _refuse(scope, send, error)


async def _refuse(scope: Scope, send: Send, error: AwsError) -> None:
    headers = fields(scope)
    service = credentials.signed(headers, scope["query_string"]).service
    is_json = "x-amz-target" in headers or naming.RUNTIME.fullmatch(scope["path"])
    extra = ((b"connection", b"close"),) if error.status == 408 else ()
    await refuse(
        send, error, service or ("" if is_json else "s3"), headers.get("content-type", ""), extra
    )


class Body:
    """The body of one request, counted and timed as it arrives."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._receive = receive
        self._size = 0
        self._waited = 0.0
        self._whole = False

    async def receive(self) -> MutableMapping[str, Any]:
        """Return the next message; raise Disconnected or AwsError before the body's end."""
        if self._whole:
            return await self._receive()
        message = await self._next()
        self._size += len(message.get("body", b""))
        self._whole = not message.get("more_body")
        if self._size > UNCHECKED and self._size > (limit := most(self._scope)):
            raise too_large(limit)
        return message

    async def drain(self) -> None:
        """Read the rest of a refused body: a client that is still sending reads no response."""
        while not self._whole:
            self._whole = not (await self._next()).get("more_body")

    async def _next(self) -> MutableMapping[str, Any]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            async with asyncio.timeout(PATIENCE + self._size / LEAST_RATE - self._waited):
                message = await self._receive()
        except TimeoutError:
            self._whole = True  # no more is read
            raise AwsError("RequestTimeout", "The body was not sent in time.", 408) from None
        self._waited += loop.time() - began
        if message["type"] == "http.disconnect":
            raise Disconnected
        return message


def most(scope: Scope) -> int:
    """Return the maximum size of the body of a request, by its route."""
    headers, path = fields(scope), scope["path"]
    if path.startswith("/_local/"):
        return UNCHECKED
    if naming.RUNTIME.fullmatch(path):
        return OBJECT  # the gateway refuses more than 6 MB with its own error
    if naming.RPC.fullmatch(path) or path in naming.METRICS:
        return OURS
    if target := headers.get("x-amz-target"):
        return OURS if model.service_of_target(target.partition(".")[0]) else TARGETED
    service = credentials.signed(headers, scope["query_string"]).service
    if service in ("", "s3"):
        return OBJECT
    return OURS if headers.get("content-type", "").startswith(naming.FORM) else REST
