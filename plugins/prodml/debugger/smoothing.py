"""Smooth a series of reports by running medians, so that one outlier decides nothing."""

from __future__ import annotations

from collections import deque
from statistics import median


class RunningMedian:
    """The median of the last *size* numbers."""

    def __init__(self, size: int) -> None:
        self._last: deque[float] = deque(maxlen=size)

    def add(self, value: float) -> float | None:
        """Return the median with *value*; None until there are enough numbers."""
        self._last.append(value)
        return median(self._last) if len(self._last) == self._last.maxlen else None


class Streak:
    """Counts how many times in a row something was true."""

    def __init__(self, wanted: int) -> None:
        self._wanted = wanted
        self.length = 0

    def add(self, is_true: bool) -> bool:
        """Return whether the streak has reached the wanted length."""
        self.length = self.length + 1 if is_true else 0
        return self.length >= self._wanted
