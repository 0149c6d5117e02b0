"""Read AWS for the pages: every response is cached, and every call is counted."""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, partial
from io import BytesIO
from typing import Any, NamedTuple

from prodml.aws.client import Aws, Clients
from prodml.vocabulary import Json

MINUTE = 60.0
FOREVER = float("inf")  # for what AWS never changes, such as an endpoint configuration
MOST = 2000  # cached responses
READING = ("describe_", "get_", "list_", "search", "head_", "batch_get_")
# An outage is shown soon, as the page asks again by itself.
CONFIG: Json = {
    "connect_timeout": 3,
    "read_timeout": 10,
    "retries": {"total_max_attempts": 2},
    "max_pool_connections": 16,
}


@dataclass
class Oldest:
    """The time of the oldest response of AWS that was used."""

    moment: datetime

    def note(self, moment: datetime) -> None:
        self.moment = min(self.moment, moment)


_OLDEST: ContextVar[Oldest | None] = ContextVar("oldest", default=None)


@contextmanager
def oldest_read() -> Iterator[Oldest]:
    """Yield an object that has, after the block, the time of the oldest response used in it."""
    oldest = Oldest(datetime.now(UTC))
    token = _OLDEST.set(oldest)
    try:
        yield oldest
    finally:
        _OLDEST.reset(token)


def note_read(moment: datetime) -> None:
    """Note that a response of AWS of this *moment* is used."""
    if oldest := _OLDEST.get():
        oldest.note(moment)


class Reader:
    """
    Read-only calls of AWS with a cache, shared by all pages that are open.

    It gives clients as :class:`prodml.aws.client.Aws` does. Two pages that need the same response
    at the same time cause one call.

    :param aws: The connection.
    :param clock: Returns the time in seconds.
    """

    def __init__(self, aws: Clients, clock: Callable[[], float] = time.monotonic) -> None:
        self.aws = aws
        self.calls: Counter[str] = Counter()
        self._clock = clock
        self._responses: OrderedDict[str, _Response] = OrderedDict()
        self._asking: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def client(self, service: str) -> ReadingClient:
        """Return a client of *service* that reads through the cache."""
        return ReadingClient(self, service)

    def read(self, service: str, method: str, /, keep: float = MINUTE, **request: Any) -> Json:
        """Return the response of *method*, at most *keep* seconds old."""
        if not method.startswith(READING):
            raise ValueError(f"{method} changes AWS. Use one of {READING}.")
        key = json.dumps([service, method, request], sort_keys=True, default=str)
        with self._lock:
            asking = self._asking.setdefault(key, threading.Lock())
        try:
            with asking:
                kept = self._kept(key)
                if kept is None:
                    kept = self._store(key, keep, self._call(service, method, request))
        finally:
            with self._lock:
                self._asking.pop(key, None)
        if kept.until != FOREVER:  # what never changes is never old
            note_read(kept.read_at)
        return _readable(kept.content)

    def _kept(self, key: str) -> _Response | None:
        with self._lock:
            kept = self._responses.get(key)
            return kept if kept and self._clock() < kept.until else None

    def _call(self, service: str, method: str, request: Json) -> Json:
        with self._lock:
            self.calls[f"{service}:{method}"] += 1
        response: Json = getattr(self.aws.client(service), method)(**request)
        if "Body" in response:  # a stream, which could be read once
            response = response | {"Body": response["Body"].read()}
        return response

    def _store(self, key: str, keep: float, content: Json) -> _Response:
        with self._lock:
            kept = _Response(content, datetime.now(UTC), self._clock() + keep)
            if keep > 0:
                self._responses[key] = kept
                self._responses.move_to_end(key)
            while len(self._responses) > MOST:
                self._responses.popitem(last=False)
            return kept


class _Response(NamedTuple):
    content: Json
    read_at: datetime
    until: float


def _readable(response: Json) -> Json:
    """Return a cached *response*, with a stream of its own if it has a body."""
    body = response.get("Body")
    return response | {"Body": BytesIO(body)} if isinstance(body, bytes) else response


class ReadingClient:
    """The read-only methods of a boto3 client, whose responses a `Reader` caches."""

    def __init__(self, reader: Reader, service: str, keep: float = MINUTE) -> None:
        self._reader = reader
        self._service = service
        self._keep = keep

    def __getattr__(self, name: str) -> Any:
        if name in ("meta", "exceptions"):
            return getattr(self._reader.aws.client(self._service), name)
        return partial(self._reader.read, self._service, name, self._keep)


@dataclass(frozen=True)
class KeepingClients:
    """The clients of *reader* with responses that are at most *keep* seconds old."""

    reader: Reader
    keep: float

    def client(self, service: str) -> ReadingClient:
        return ReadingClient(self.reader, service, self.keep)


@cache
def reader() -> Reader:
    """Return the reader of this process."""
    connection = os.environ.get("PRODML_AWS_CONN_ID") or "aws_default"
    region = os.environ.get("AWS_DEFAULT_REGION") or None
    return Reader(Aws(connection, region, botocore_config=CONFIG))
