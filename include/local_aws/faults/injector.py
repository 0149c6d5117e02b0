"""The ASGI layer that serves `/_local/faults` and injects faults into requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

from ..wire import naming
from ..wire.errors import AwsError
from ..wire.http import App, Receive, Scope, Send, answer, fields, read, refuse, replayed
from .book import Faults, OperationFault

BROKEN = "ConnectionClosed"  # the error that closes the connection without a response
STATUS = {
    **dict.fromkeys(("InternalFailure", "InternalError", "InternalServerError"), 500),
    **dict.fromkeys(("ServiceUnavailable", "ServiceUnavailableException", "SlowDown"), 503),
}


class FaultInjector:
    """Passes requests to *app*, except those that match a fault."""

    def __init__(self, app: App, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/_local/faults":
            await self._manage(scope, receive, send)
        elif scope["type"] == "http" and self._faults.operations:
            await self._pass(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _manage(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await self._add(await read(receive), send)
        elif scope["method"] == "DELETE":
            self._faults.clear()
            await answer(send, 200, {"faults": []})
        else:
            await answer(send, 200, {"faults": self._faults.described()})

    async def _add(self, body: bytes, send: Send) -> None:
        try:
            await answer(send, 201, self._faults.add(json.loads(body)))
        except AwsError as error:
            await answer(send, 400, {"message": error.message})
        except (ValueError, RecursionError) as error:
            await answer(send, 400, {"message": f"Invalid fault: {error}. Send a JSON object."})

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = fields(scope)
        form = b""
        is_form = headers.get("content-type", "").startswith(naming.FORM)
        if is_form and naming.signed_for(headers) != "s3":
            form = await read(receive)
            receive = replayed(form, receive)
        query = scope["query_string"].decode("latin-1")
        name = naming.named(scope["method"], scope["path"], query, headers, form)
        fault = self._faults.strike(name)
        if fault is None:
            await self._app(scope, receive, send)
        else:
            await self._strike(fault, scope, receive, send)

    async def _strike(
        self, fault: OperationFault, scope: Scope, receive: Receive, send: Send
    ) -> None:
        await asyncio.sleep(fault.delay_ms / 1000)
        if fault.error is None:
            await self._app(scope, receive, send)
            return
        if fault.when == "after":
            await self._app(scope, receive, _discard)
        else:
            await read(receive)  # a client that is still sending would not read the response
        if fault.error == BROKEN:
            await _break_off(send)
        else:
            status = fault.status or STATUS.get(fault.error, 400)
            error = AwsError(fault.error, fault.message, status)
            headers = fields(scope)
            content_type = headers.get("content-type", "")
            await refuse(send, error, naming.signed_for(headers), content_type)


async def _discard(_: MutableMapping[str, Any]) -> None:
    """Discard a response that its client must not receive."""


async def _break_off(send: Send) -> None:
    """Start a response and do not finish it: the server then closes the connection."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
