"""Read requests and send responses over ASGI."""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from xml.sax.saxutils import escape

from . import codecs
from .errors import AwsError

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Field = tuple[bytes, bytes]
GZIP = 31  # zlib's wbits for the gzip format with a window of 32 KB
MOST_UNPACKED = 4 << 20
QUERY = ("application/x-www-form-urlencoded", "text/xml")  # of requests, of responses


def fields(scope: Scope) -> dict[str, str]:
    """Return a request's header fields; ASGI has their names in lower case.

    The values of a repeated field are joined as WSGI joins them for moto: otherwise the server
    would decide about one of them, and moto would execute another.
    """
    joined: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name, text = raw.decode(), value.decode("latin-1")
        joined[name] = f"{joined[name]},{text}" if name in joined else text
    return joined


class Disconnected(Exception):
    """Raised when a client disconnects before its request is complete; it is not executed."""


async def read(receive: Receive, most: int | None = None) -> bytes:
    """Return the whole body of a request; raise Disconnected for a part of one.

    Raise AwsError for a body of more than *most* bytes.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if most is not None and size > most:
            raise too_large(most)
        if not message.get("more_body"):
            return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return a receive that gives a body which was read from *receive* already."""
    messages = iter([{"type": "http.request", "body": body}])

    async def receive_again() -> MutableMapping[str, Any]:
        return next(messages, None) or await receive()

    return receive_again


def too_large(limit: int) -> AwsError:
    """Return the error for a body of more than *limit* bytes."""
    return AwsError("413", f"HTTP content length exceeded {limit} bytes.", 413)


def unpacked(body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return the body without the gzip that boto3 packs large requests in.

    A corrupt body is returned as it is, and fails when it is parsed. Raise AwsError for a body
    that would become too large, without unpacking it whole.
    """
    if headers.get("content-encoding") != "gzip":
        return body
    parts, size, rest = [], 0, body
    try:
        while rest:
            stream = zlib.decompressobj(wbits=GZIP)
            parts.append(stream.decompress(rest, MOST_UNPACKED + 1 - size))
            size += len(parts[-1])
            if size > MOST_UNPACKED:
                raise too_large(MOST_UNPACKED)
            if not stream.eof:
                return body
            rest = stream.unused_data
    except zlib.error:
        return body
    return b"".join(parts)


async def reply(send: Send, status: int, body: bytes, headers: tuple[Field, ...]) -> None:
    head = [
        (b"content-length", str(len(body)).encode()),
        (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def answer(send: Send, status: int, document: Any) -> None:
    """Send a JSON document that no model describes."""
    await reply(send, status, json.dumps(document).encode(), codecs.JSON.headers)


async def refuse(
    send: Send, error: AwsError, service: str, content_type: str, more: tuple[Field, ...] = ()
) -> None:
    """Send an error, in the protocol of the request."""
    kind, body = refusal(error, service, content_type)
    extra = codecs.CBOR.extra if "cbor" in kind else ()
    described = ((b"content-type", kind.encode()), (b"x-amzn-errortype", error.code.encode()))
    headers = (*described, *extra, *more)
    await reply(send, error.status, body, headers)


def refusal(error: AwsError, service: str, content_type: str) -> tuple[str, bytes]:
    """Return the content type and body of *error* for a request of *content_type* to *service*."""
    document = {"__type": error.code, "message": error.message}
    kind = f"<Type>{'Sender' if error.status < 500 else 'Receiver'}</Type>"
    xml = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
    if "cbor" in content_type:
        return "application/cbor", codecs.CBOR.write(document, codecs.ERROR)
    if content_type.startswith(QUERY):
        body = f"<ErrorResponse><Error>{kind}{xml}</Error></ErrorResponse>"
        return "text/xml", body.encode()
    if service == "s3":
        return "application/xml", f"<Error>{xml}</Error>".encode()
    return "application/x-amz-json-1.1", json.dumps(document).encode()
