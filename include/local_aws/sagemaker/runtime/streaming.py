"""Streamed responses: the pieces of a model's response as events, while they arrive.

Source: https://smithy.io/2.0/aws/amazon-eventstream.html
"""

from __future__ import annotations

import asyncio
import binascii
import json
import struct

from .connections import Header
from .headers import CONTENT_TYPE, INVOKED_VARIANT

MODEL_CONTENT_TYPE = b"x-amzn-sagemaker-content-type"
MOST_WAITING = 64 * 1024 * 1024  # bytes that a slow client has not read
STRING = 7  # the type of a header's value


class TooSlowError(Exception):
    """Raised when the client reads so slowly that its response would fill the memory."""


class Stream:
    """The pieces of one response, between the model's connection and the client's."""

    def __init__(self) -> None:
        self.variant = ""
        self._headers: list[Header] = []
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._waiting = 0

    def add(self, headers: list[Header], piece: bytes) -> None:
        """Add a piece of the response; raise TooSlowError if too many wait."""
        self._headers = headers
        self._waiting += len(piece)
        if self._waiting > MOST_WAITING:
            raise TooSlowError
        self._pieces.put_nowait(piece)

    def fields(self) -> list[Header]:
        """Return the header fields of the streamed response."""
        kinds = [value for name, value in self._headers if name == CONTENT_TYPE]
        return [
            (CONTENT_TYPE, b"application/vnd.amazon.eventstream"),
            (INVOKED_VARIANT, self.variant.encode()),
            *((MODEL_CONTENT_TYPE, kind) for kind in kinds),
        ]

    def end(self) -> None:
        self._pieces.put_nowait(None)

    async def next(self) -> bytes | None:
        """Return the next piece; None at the end of the response."""
        piece = await self._pieces.get()
        self._waiting -= len(piece or b"")
        return piece


def payload_part(piece: bytes) -> bytes:
    """Return a PayloadPart event."""
    kind = {":event-type": "PayloadPart", ":content-type": "application/octet-stream"}
    return _message({":message-type": "event"} | kind, piece)


def broken(message: str) -> bytes:
    """Return the ModelStreamError of a response that does not come to its end."""
    kind = {":exception-type": "ModelStreamError", ":content-type": "application/json"}
    error = {"Message": message, "ErrorCode": "StreamBroken"}
    return _message({":message-type": "exception"} | kind, json.dumps(error).encode())


def _message(headers: dict[str, str], payload: bytes) -> bytes:
    fields = b"".join(
        bytes([len(name)]) + name.encode() + struct.pack(">BH", STRING, len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", 16 + len(fields) + len(payload), len(fields))
    checked = prelude + struct.pack(">I", binascii.crc32(prelude)) + fields + payload
    return checked + struct.pack(">I", binascii.crc32(checked))
