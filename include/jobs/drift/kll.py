"""Summarize numbers in a mergeable quantile sketch, without keeping the rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

K = 2048  # items on the top level
C = 0.64  # how much fewer a level keeps than the one above it
LEAST = 8  # items that every level may keep
BLOCK = 1 << 15  # values collected before they are sorted into the sketch

Array = np.ndarray


class Kll:
    """
    KLL (Karnin, Lang, Liberty 2016), with deequ's parameters: an item on level i stands for 2^i.

    Up to K values are kept as they are. The rank error stays below 0.001 at any number of rows; the
    choice of every second item is drawn from a fixed seed, so the same rows make the same sketch.
    """

    def __init__(self, levels: Iterable[Array] = ()) -> None:
        self._levels = [np.asarray(level, dtype=float) for level in levels] or [np.empty(0)]
        self._pending: list[Array] = []
        self._waiting = 0
        self._draw = np.random.default_rng(7)

    def add(self, values: Array) -> None:
        """Add finite float64 values, in any order."""
        for start in range(0, len(values), BLOCK):
            part = values[start : start + BLOCK]
            self._pending.append(part)
            self._waiting += len(part)
            if self._waiting >= BLOCK:
                self._settle()

    def merge(self, other: Kll) -> None:
        """Merge another sketch; the error stays that of one sketch of all rows."""
        other._settle()
        self._settle()
        while len(self._levels) < len(other._levels):
            self._levels.append(np.empty(0))
        for level, items in enumerate(other._levels):
            self._levels[level] = np.concatenate([self._levels[level], items])
        self._compact()

    @property
    def rows(self) -> int:
        self._settle()
        return sum(len(items) << level for level, items in enumerate(self._levels))

    @property
    def levels(self) -> list[list[float]]:
        """Return the items by level, sorted, as in Model Monitor's `sketch.data`."""
        self._settle()
        return [np.sort(items).tolist() for items in self._levels]

    def weighted(self) -> tuple[Array, Array]:
        """Return the items in order, with the number of rows that each represents."""
        self._settle()
        items = np.concatenate(self._levels)
        sizes = [np.full(len(kept), 1 << level) for level, kept in enumerate(self._levels)]
        order = np.argsort(items, kind="stable")
        return items[order], np.concatenate(sizes)[order]

    def cdf(self, points: Array, inclusive: bool = True) -> Array:
        """Return the share of rows at most (or, not *inclusive*, below) each point."""
        items, weights = self.weighted()
        totals = np.concatenate([[0], np.cumsum(weights)])
        side: Literal["left", "right"] = "right" if inclusive else "left"
        return np.asarray(totals[np.searchsorted(items, points, side=side)] / totals[-1])

    def _settle(self) -> None:
        if self._pending:
            pending, self._pending, self._waiting = self._pending, [], 0
            block = np.concatenate([self._levels[0], *pending])
            block.sort()  # what follows only merges runs that are in order
            self._levels[0] = block
            self._compact()

    def _compact(self) -> None:
        """Compact from the bottom: a full level passes every second item to the next."""
        level = 0
        while level < len(self._levels):
            if len(self._levels[level]) > self._capacity(level):
                self._halve(level)
            level += 1

    def _capacity(self, level: int) -> int:
        return max(LEAST, int(K * C ** (len(self._levels) - 1 - level)))

    def _halve(self, level: int) -> None:
        items = np.sort(self._levels[level], kind="stable")
        even = len(items) // 2 * 2
        first = int(self._draw.integers(2))
        if level + 1 == len(self._levels):
            self._levels.append(np.empty(0))
        self._levels[level + 1] = np.concatenate([self._levels[level + 1], items[first:even:2]])
        self._levels[level] = items[even:]
