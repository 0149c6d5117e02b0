"""S3, STS, IAM, ECR and the rest: moto, in a separate process behind the same port.

Its CPU time and its buffered bodies then never delay the control plane or live traffic.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import yarl

from ..wire.errors import unavailable
from ..wire.http import Disconnected, Receive
from . import access
from .process import MotoProcess

HOP_BY_HOP = frozenset({"connection", "expect", "keep-alive", "transfer-encoding", "te"})
# Pages of moto's process.
HEALTH, IDENTITIES, UPLOAD = "/_local/health", "/_local/iam", "/_local/upload"
PATIENCE = aiohttp.ClientTimeout(total=5)
CORS = b"access-control-"  # prefix of headers with which moto lets every page read its responses
ACCOUNT = "x-moto-account-id"  # moto reads the account from it, before the key
OURS = frozenset({ACCOUNT, access.HEADER})  # removed from clients' requests
DROPPED = HOP_BY_HOP | OURS


class MotoProxy:
    """Forwards requests that are not emulated here to moto, streaming both ways."""

    def __init__(self, moto: MotoProcess) -> None:
        self._moto = moto
        self._watch: asyncio.Task[None] | None = None
        self._http: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=64, force_close=True),
            timeout=aiohttp.ClientTimeout(total=None),  # a large object may take long
            auto_decompress=False,
        )
        await self._moto.ready()
        self._watch = asyncio.create_task(self._moto.keep_running())

    async def stop(self) -> None:
        if self._watch:
            self._watch.cancel()
        if self._http:
            await self._http.close()

    async def problem(self) -> str | None:
        """Return the reason why S3 cannot store objects, if there is one."""
        if self._http is None:
            return "moto was not started."
        url = f"http://127.0.0.1:{self._moto.port}{HEALTH}"
        key = {access.HEADER: self._moto.key}
        try:
            async with self._http.get(url, headers=key, timeout=PATIENCE) as response:
                return await response.text() or None
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"moto does not answer: {error!r}. It is restarted if it exits."

    async def identities(self, account: str) -> dict[str, Any]:
        """Return the IAM state of *account*; raise AwsError while moto does not answer."""
        return await self._read("Reading IAM's state", IDENTITIES, account)

    async def upload_encryption(self, bucket: str, upload: str) -> dict[str, str]:
        """Return the headers of encryption of a multipart upload; raise AwsError."""
        query = urlencode({"bucket": bucket, "id": upload})
        return await self._read("Reading a multipart upload", f"{UPLOAD}?{query}")

    async def _read(self, action: str, page: str, account: str = "") -> dict[str, Any]:
        if self._http is None:
            raise RuntimeError("The proxy was not started.")
        url = yarl.URL(f"http://127.0.0.1:{self._moto.port}{page}", encoded=True)
        headers = {ACCOUNT: account, access.HEADER: self._moto.key}
        try:
            async with self._http.get(url, headers=headers) as response:
                document: dict[str, Any] = await response.json()
                return document
        except aiohttp.ClientError as error:
            raise unavailable(action, error) from error

    def starts(self) -> int:
        """Return how often moto was started: what was read of it before may be old."""
        return self._moto.starts

    async def forward(self, scope: Any, receive: Any, send: Any, account: str) -> None:
        """Forward a request that *account* signed, and send moto's response."""
        if self._http is None:
            raise RuntimeError("The proxy was not started.")
        query = b"?" + scope["query_string"] if scope["query_string"] else b""
        path = (scope["raw_path"] + query).decode("latin-1")
        url = yarl.URL(f"http://127.0.0.1:{self._moto.port}{path}", encoded=True)
        headers = [(n.decode(), v.decode("latin-1")) for n, v in scope["headers"]]
        kept = [(n, v) for n, v in headers if n not in DROPPED]
        kept += [(ACCOUNT, account), (access.HEADER, self._moto.key)]
        body = Upload(receive) if _has_body(dict(headers)) else None
        if body is None and "expect" in dict(headers):
            # Sends 100 Continue, without which some boto3 misread the next response.
            await receive()
        skipped = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")
        request_ = self._http.request(
            scope["method"],
            url,
            headers=kept,
            data=body.parts() if body else None,
            skip_auto_headers=skipped,
            allow_redirects=False,
        )
        try:
            response = await request_
        except Exception as error:
            if body and body.failure:
                raise body.failure from error
            if not isinstance(error, aiohttp.ClientConnectionError):
                raise
            await _unavailable(send)  # clients retry, and moto has restarted by then
            return
        async with response:
            await _relay(response, send, bodiless=scope["method"] == "HEAD")


async def _relay(response: aiohttp.ClientResponse, send: Any, bodiless: bool) -> None:
    headers = [(n.lower(), v) for n, v in response.raw_headers]
    kept = [(n, v) for n, v in headers if n.decode() not in HOP_BY_HOP and not n.startswith(CORS)]
    await send({"type": "http.response.start", "status": response.status, "headers": kept})
    if not bodiless:
        async for chunk in response.content.iter_chunked(1 << 18):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _unavailable(send: Any) -> None:
    body = b"<Error><Code>ServiceUnavailable</Code><Message>Please try again.</Message></Error>"
    headers = [(b"content-type", b"application/xml"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _has_body(headers: dict[str, str]) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


class Upload:
    """A body that is sent to moto; if it is cut off or refused, moto's request ends as well."""

    def __init__(self, receive: Receive) -> None:
        self.failure: Exception | None = None
        self._receive = receive

    async def parts(self) -> AsyncIterator[bytes]:
        """Yield the parts of the body; store and raise the error that ends it early."""
        try:
            async for part in self._arriving():
                yield part
        except Exception as error:
            self.failure = error
            raise

    async def _arriving(self) -> AsyncIterator[bytes]:
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            if part := message.get("body"):
                yield part
            if not message.get("more_body"):
                return
