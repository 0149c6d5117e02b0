"""HTTP to a model's process over pooled keep-alive connections.

A general client costs more CPU than the model here. This one has only what a gateway needs: one
POST at a time on each connection, and a response that is read whole or handed on piece by piece.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import httptools

Header = tuple[bytes, bytes]
PAYLOAD_LIMIT = 6 * 1024 * 1024  # bytes of a request, and of a response that is not streamed


def is_success(status: int) -> bool:
    return 200 <= status < 300


@dataclass(frozen=True, slots=True)
class Invocation:
    """A request to a model, and how its response is received.

    :param target: The container or the model that answers, where the request names one.
    :param limit: How many bytes of the response are kept; it ends after them unless it is streamed.
    :param stream: Gets the header fields and each piece of a successful response as it arrives.
    """

    headers: list[Header]
    body: bytes
    target: str | None = None
    limit: int = PAYLOAD_LIMIT
    stream: Callable[[list[Header], bytes], None] | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A model's response.

    :param seconds: The latency of each container of an inference pipeline that took part.
    :param setup_seconds: The time to start an instance for the request.
    """

    status: int
    headers: list[Header]
    body: bytes
    container: str = "primary"
    seconds: tuple[tuple[str, float], ...] = ()
    setup_seconds: float = 0.0

    @property
    def is_success(self) -> bool:
        return is_success(self.status)


class ConnectionLostError(Exception):
    """The process closed the connection; *answering* is true after the response had begun."""

    def __init__(self, answering: bool) -> None:
        super().__init__("The model's process closed the connection.")
        self.answering = answering


class Connection(asyncio.Protocol):
    """One connection, at most one request in flight."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[Response] | None = None
        self._headers: list[Header] = []
        self._body: list[bytes] = []
        self._size = 0
        self._invocation: Invocation | None = None
        self._answering = self._until_end = False
        self.reusable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  (narrows the type)
        self._transport = transport

    async def send(self, request: bytes, invocation: Invocation | None = None) -> Response:
        self._invocation = invocation
        self._answer = asyncio.get_running_loop().create_future()
        self._answering = False
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            if not self._answer.done() or self._answer.cancelled():
                self.close()

    def close(self) -> None:
        self.reusable = False
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._answering = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.reusable = False
        if self._answer is None or self._answer.done():
            return
        if self._until_end and exc is None:
            self.on_message_complete()
        else:
            self._answer.set_exception(ConnectionLostError(self._answering))

    def on_message_begin(self) -> None:
        self._headers, self._body, self._size = [], [], 0

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        names = {name for name, _ in self._headers}
        self._until_end = not names & {b"content-length", b"transfer-encoding"}

    def on_body(self, chunk: bytes) -> None:
        limit = PAYLOAD_LIMIT if self._invocation is None else self._invocation.limit
        if self._size <= limit:
            self._body.append(chunk)
        self._size += len(chunk)
        stream = self._invocation.stream if self._invocation is not None else None
        if stream is not None and is_success(self._parser.get_status_code()):
            stream(self._headers, chunk)
        elif self._size > limit:
            self._settle()
            self.close()

    def on_message_complete(self) -> None:
        self._until_end = False
        if not self._parser.should_keep_alive():
            self.close()
        self._settle()

    def _settle(self) -> None:
        if self._answer is not None and not self._answer.done():
            status = self._parser.get_status_code()
            self._answer.set_result(Response(status, self._headers, b"".join(self._body)))


class Pool:
    """The connections to one process; the most recently used one is reused first."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._head = f"POST /invocations HTTP/1.1\r\nhost: {host}:{port}\r\n".encode()
        self._idle: list[Connection] = []

    async def post(self, invocation: Invocation) -> Response:
        """Invoke the model; raise ConnectionLostError or OSError if its process has ended."""
        lines = [b"%s: %s\r\n" % header for header in invocation.headers]
        length = b"content-length: %d\r\n\r\n" % len(invocation.body)
        request = b"".join([self._head, *lines, length, invocation.body])
        connection = self._warm()
        if connection is not None:
            try:
                return await self._through(connection, request, invocation)
            except ConnectionLostError as lost:
                if lost.answering:
                    raise
                return await self._retry(request, invocation, lost)
        return await self._through(await self._open(), request, invocation)

    async def _retry(
        self, request: bytes, invocation: Invocation, lost: ConnectionLostError
    ) -> Response:
        """Retry on a new connection: a keep-alive one may close just as it is used.

        If the process has ended, the request may be the cause: it is not sent to another process.
        """
        try:
            connection = await self._open()
        except OSError:
            raise lost from None
        return await self._through(connection, request, invocation)

    async def ping(self) -> bool:
        """Return whether the process answers `/ping` with 200, on a separate connection."""
        connection = await self._open()
        try:
            response = await connection.send(b"GET /ping HTTP/1.1\r\nhost: model\r\n\r\n")
            return response.status == 200
        finally:
            connection.close()

    def close(self) -> None:
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    async def _through(
        self, connection: Connection, request: bytes, invocation: Invocation
    ) -> Response:
        response = await connection.send(request, invocation)
        if connection.reusable:
            self._idle.append(connection)
        return response

    def _warm(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable:
                return connection
        return None

    async def _open(self) -> Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(Connection, self._host, self._port)
        return connection
