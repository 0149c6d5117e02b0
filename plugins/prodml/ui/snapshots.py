"""Keep the last response to each request of a page, which is shown while a newer one is read."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Request

T = TypeVar("T")
MOST = 200  # kept responses
FRESH = 60.0  # seconds for which a response is new
OLDEST = 24 * 3600.0  # seconds after which a response is not shown any more
PATIENCE = 0.1  # seconds that a request waits for a newer response
# Of their own: a request that waits must not hold the thread that reads for it.
RENEWING = ThreadPoolExecutor(8, thread_name_prefix="prodml-studio-renewing")


def _address(request: Request) -> str:
    """Return the path and the query of *request*, wherever Airflow serves these pages."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return f"{path}?{request.url.query}"


Address = Annotated[str, Depends(_address)]  # of a request, the key of its snapshot


class Snapshots(Generic[T]):
    """Responses by key; one that is older than a minute is read again when it is asked for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[T, float]] = OrderedDict()
        self._renewals: dict[str, Future[T]] = {}
        self._lock = threading.Lock()

    def response(
        self, key: str, read: Callable[[], T], earlier: Callable[[], T | None] = lambda: None
    ) -> tuple[T, bool]:
        """Return a response, and whether a newer one is being read, which takes too long to wait.

        A response that cannot be renewed is forgotten, so that the next request gets the error.

        :param earlier: Returns an older response that is kept elsewhere, if there is one.
        """
        kept, age = self._last(key)
        if kept is not None and age < FRESH:
            return kept, False
        renewal = self._renewal(key, read)
        try:
            return renewal.result(PATIENCE), False
        except TimeoutError:
            if renewal.done():
                raise
        last = earlier() if kept is None else kept
        return (renewal.result(), False) if last is None else (last, True)

    def last(self, key: str) -> T | None:
        """Return the last response that is kept, however old."""
        return self._last(key)[0]

    def _last(self, key: str) -> tuple[T | None, float]:
        with self._lock:
            kept, at = self._kept.get(key, (None, float("-inf")))
        age = self._clock() - at
        return (kept, age) if age < OLDEST else (None, age)

    def _renewal(self, key: str, read: Callable[[], T]) -> Future[T]:
        """Return the reading of *key*: the one that runs, or a new one."""
        with self._lock:
            if key not in self._renewals:
                context = copy_context()  # the caller's patience
                self._renewals[key] = RENEWING.submit(context.run, self._renew, key, read)
            return self._renewals[key]

    def _renew(self, key: str, read: Callable[[], T]) -> T:
        try:
            response = read()
        except BaseException:
            self._end(key, None)
            raise
        self._end(key, response)
        return response

    def _end(self, key: str, response: T | None) -> None:
        """Keep the *response* to *key*; None if it could not be read."""
        with self._lock:
            del self._renewals[key]
            self._kept.pop(key, None)
            if response is not None:
                self._kept[key] = response, self._clock()
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
