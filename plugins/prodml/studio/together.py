"""Read several values at once, in a few threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")
AT_ONCE = 8


def together(read: Callable[[A], T], items: Iterable[A]) -> list[T]:
    """Return the values of *items* in their order.

    Each read keeps the caller's patience, and notes its time, by context variables.
    """
    with ThreadPoolExecutor(AT_ONCE) as pool:
        reads = [pool.submit(copy_context().run, read, item) for item in items]
        return [done.result() for done in reads]


class Reads:
    """Reads of different kinds that run at the same time."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def start(self, read: Callable[[], T]) -> Future[T]:
        """Start *read*, as :func:`together` does."""
        return self._pool.submit(copy_context().run, read)


@contextmanager
def concurrently() -> Iterator[Reads]:
    """Yield what starts reads; those that are not awaited end with the block."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield Reads(pool)
