"""Bodies that are signed: checked as they pass, so that a large object is never held whole."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import MutableMapping
from typing import Any

from ..wire.http import Receive
from . import refusals
from .refusals import Protocol
from .sigv4 import Signature, signed_text

Message = MutableMapping[str, Any]
CHUNKED = ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
CHUNK = re.compile(rb"([0-9a-fA-F]{1,8});chunk-signature=([0-9a-f]{64})\r\n")
LONGEST_HEADER = 200
LARGEST_CHUNK = 16 << 20
EMPTY = hashlib.sha256(b"").hexdigest()


class HashedBody:
    """Passes a body on; withholds its end if its hash is not the one that was signed."""

    def __init__(self, receive: Receive, expected: str, protocol: Protocol) -> None:
        self._receive = receive
        self._expected = expected
        self._protocol = protocol
        self._hash = hashlib.sha256()
        self._ended = False

    async def receive(self) -> Message:
        """Return the next message; raise AwsError instead of the last one of another body."""
        message = await self._receive()
        if self._ended or message["type"] != "http.request":
            return message
        self._hash.update(message.get("body", b""))
        self._ended = not message.get("more_body")
        if self._ended and self._hash.hexdigest() != self._expected:
            raise refusals.other_content(self._protocol)
        return message


class ChunkedBody:
    """Passes on the chunks of S3's streaming uploads whose signatures continue the request's."""

    def __init__(
        self, receive: Receive, signature: Signature, secret: str, protocol: Protocol
    ) -> None:
        self._receive = receive
        self._signature = signature
        self._secret = secret
        self._protocol = protocol
        self._previous = signature.value
        self._pending = bytearray()
        self._last = False  # the chunk of length 0 has passed; trailers follow

    async def receive(self) -> Message:
        """Return the next message; raise AwsError for a chunk with another signature."""
        message = await self._receive()
        if message["type"] != "http.request":
            return message
        self._pending += message.get("body", b"")
        more = bool(message.get("more_body"))
        body = self._verified()
        if not more:
            if not self._last:
                raise refusals.mismatch(self._protocol)
            body += bytes(self._pending)
        return {"type": "http.request", "body": body, "more_body": more}

    def _verified(self) -> bytes:
        """Take whole chunks with the right signature from what has arrived."""
        passed = bytearray()
        while not self._last and (chunk := self._whole_chunk()):
            header, data = chunk
            self._check(data, header)
            end = len(header[0]) + len(data) + (2 if data else 0)
            passed += self._pending[:end]
            del self._pending[:end]
            self._last = not data
        return bytes(passed)

    def _whole_chunk(self) -> tuple[re.Match[bytes], bytes] | None:
        header = CHUNK.match(bytes(self._pending[:LONGEST_HEADER]))
        if header is None:
            if len(self._pending) >= LONGEST_HEADER:
                raise refusals.mismatch(self._protocol)
            return None
        size = int(header[1], 16)
        if size > LARGEST_CHUNK:
            raise refusals.mismatch(self._protocol)
        start = len(header[0])
        if len(self._pending) < start + size + (2 if size else 0):
            return None
        return header, bytes(self._pending[start : start + size])

    def _check(self, data: bytes, header: re.Match[bytes]) -> None:
        text = "\n".join(
            (
                "AWS4-HMAC-SHA256-PAYLOAD",
                self._signature.time,
                self._signature.scope,
                self._previous,
                EMPTY,
                hashlib.sha256(data).hexdigest(),
            )
        )
        expected = signed_text(self._signature, self._secret, text)
        if not hmac.compare_digest(expected.encode(), header[2]):
            raise refusals.mismatch(self._protocol)
        self._previous = expected
