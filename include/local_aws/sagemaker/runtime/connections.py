"""HTTP to a model's process over pooled keep-alive connections.

A general client costs more CPU than the model here. This one has only what a gateway needs: one
POST at a time on each connection, and a response that is read whole, as it is limited to 6 MB.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import httptools

Header = tuple[bytes, bytes]


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
        self._answering = self._until_end = False
        self.reusable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  (narrows the type)
        self._transport = transport

    async def send(self, request: bytes) -> Response:
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
        self._headers, self._body = [], []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        names = {name for name, _ in self._headers}
        self._until_end = not names & {b"content-length", b"transfer-encoding"}

    def on_body(self, chunk: bytes) -> None:
        self._body.append(chunk)

    def on_message_complete(self) -> None:
        self._until_end = False
        if not self._parser.should_keep_alive():
            self.close()
        if self._answer is not None and not self._answer.done():
            status = self._parser.get_status_code()
            self._answer.set_result(Response(status, self._headers, b"".join(self._body)))


class Pool:
    """The connections to one process; the most recently used one is reused first."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._head = f"POST /invocations HTTP/1.1\r\nhost: {host}:{port}\r\n".encode()
        self._idle: list[Connection] = []

    async def post(self, headers: list[Header], body: bytes) -> Response:
        """Invoke the model; raise ConnectionLostError or OSError if its process has ended."""
        lines = [b"%s: %s\r\n" % header for header in headers]
        length = b"content-length: %d\r\n\r\n" % len(body)
        request = b"".join([self._head, *lines, length, body])
        connection = self._warm()
        if connection is not None:
            try:
                return await self._through(connection, request)
            except ConnectionLostError as lost:
                if lost.answering:
                    raise
                return await self._retry(request, lost)
        return await self._through(await self._open(), request)

    async def _retry(self, request: bytes, lost: ConnectionLostError) -> Response:
        """Retry on a new connection: a keep-alive one may close just as it is used.

        If the process has ended, the request may be the cause: it is not sent to another process.
        """
        try:
            connection = await self._open()
        except OSError:
            raise lost from None
        return await self._through(connection, request)

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

    async def _through(self, connection: Connection, request: bytes) -> Response:
        response = await connection.send(request)
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
