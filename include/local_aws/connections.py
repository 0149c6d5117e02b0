"""Connections that are bounded in number, in the size of their headers and in idle time."""

from __future__ import annotations

import asyncio
import functools
import resource
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

BACKLOG = 64  # accepted in one turn of the event loop, before any can be closed
LEAST_RESERVE = 128  # descriptors for files, jobs and models
HEADER_SECONDS = 20.0
MOST_HEADER = 64 << 10  # bytes


@functools.cache
def most_connections() -> int:
    """Return the number of connections that leaves descriptors for everything else."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(16, limit - BACKLOG - max(LEAST_RESERVE, limit // 4))


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol; at the limit, the connection that was idle longest is closed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._idle_since = self.loop.time()
        self._in_message = False
        self._header_size = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Return whether the connection has no request in progress."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def idle_since(self) -> float:
        return self._idle_since

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._arm()
        open_ones = [c for c in self.connections if not c.transport.is_closing()]
        if len(open_ones) > most_connections():
            self._make_room(open_ones)

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._timer is None and self.is_idle:
            self._arm()
        if not self._in_message:
            self._header_size += len(data)
        super().data_received(data)
        if not self._in_message and self._header_size > MOST_HEADER:
            self.send_400_response(f"The header exceeded {MOST_HEADER} bytes.")

    def on_headers_complete(self) -> None:
        self._in_message = True
        self._header_size = 0
        self._disarm()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._in_message = False
        self._disarm()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._idle_since = self.loop.time()
        super().on_response_complete()

    def _make_room(self, open_ones: list[Any]) -> None:
        idle = [other for other in open_ones if other is not self and other.is_idle]
        oldest = min(idle, key=lambda other: other.idle_since, default=self)
        oldest.transport.close()

    def _arm(self) -> None:
        """Close the connection unless a request's header is complete in time."""
        self._timer = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
