"""The HTTP messages between a client of the data plane and the gateway."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from ...wire.errors import AwsError
from ...wire.http import Disconnected
from .connections import PAYLOAD_LIMIT, Header, Response
from .errors import ModelError
from .headers import CONTENT_TYPE, CUSTOM_ATTRIBUTES, INVOKED_VARIANT

if TYPE_CHECKING:
    from .deployments import Variant
    from .streaming import Stream


async def read(receive: Any) -> bytes:
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


async def answer(send: Any, variant: Variant, response: Response) -> None:
    fields = [h for h in response.headers if h[0] in (CONTENT_TYPE, CUSTOM_ATTRIBUTES)]
    await respond(send, 200, [(INVOKED_VARIANT, variant.name.encode()), *fields], response.body)


async def start_stream(send: Any, stream: Stream) -> None:
    """Start a streamed response, whose length is not known."""
    request_id = (b"x-amzn-requestid", str(uuid.uuid4()).encode())
    fields = [request_id, *stream.fields()]
    await send({"type": "http.response.start", "status": 200, "headers": fields})


def part(body: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def refuse(send: Any, error: AwsError) -> None:
    members = error.members if isinstance(error, ModelError) else {}
    body = json.dumps({"Message": error.message, "message": error.message} | members).encode()
    fields = [(CONTENT_TYPE, b"application/json"), (b"x-amzn-errortype", error.code.encode())]
    await respond(send, error.status, fields, body)


async def respond(send: Any, status: int, fields: list[Header], body: bytes) -> None:
    length = (b"content-length", b"%d" % len(body))
    headers = [length, (b"x-amzn-requestid", str(uuid.uuid4()).encode()), *fields]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
