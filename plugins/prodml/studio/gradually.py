"""Read values that never change, a few each minute, so that an open page costs few calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
MINUTE = 60.0


class Gradually(Generic[T]):
    """
    Values by name, each read once.

    :param read: Reads the value of a name.
    :param most: The most values to read in a minute.
    """

    def __init__(
        self, read: Callable[[str], T], most: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read, self._most, self._clock = read, most, clock
        self._values: dict[str, T] = {}
        self._times: list[float] = []  # of the last readings
        self._lock = threading.Lock()

    def known(self, names: Iterable[str]) -> dict[str, T]:
        """Return the values of *names* that are known by now; others follow in later minutes."""
        wanted = list(names)
        with self._lock:
            for name in wanted:
                if name not in self._values and self._may_read():
                    self._values[name] = self._read(name)
        return {name: self._values[name] for name in wanted if name in self._values}

    def _may_read(self) -> bool:
        now = self._clock()
        self._times = [at for at in self._times if now - at < MINUTE]
        if len(self._times) >= self._most:
            return False
        self._times.append(now)
        return True
