"""Summarize numbers and texts so that they can be merged, and compared later without their rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from .kll import Kll

MOST_VALUES = 10_000  # distinct values counted one by one; rarer ones become `other`


@dataclass
class Numbers:
    """The moments and the sketch of the numbers in a column."""

    rows: int = 0
    mean: float = 0.0
    squares: float = 0.0  # sum of squared distances from the mean
    low: float = math.inf
    high: float = -math.inf
    whole: int = 0  # how many are integers
    sketch: Kll = field(default_factory=Kll)

    @property
    def std(self) -> float:
        return math.sqrt(self.squares / self.rows) if self.rows else 0.0

    def add(self, values: np.ndarray) -> None:
        """Add finite float64 values."""
        if len(values):
            mean = float(values.mean())
            scratch = values - mean
            squares = float(np.square(scratch, out=scratch).sum())
            low, high = float(values.min()), float(values.max())
            np.floor(values, out=scratch)
            whole = int(np.count_nonzero(values == scratch))
            self._combine(len(values), mean, squares, low, high)
            self.whole += whole
            self.sketch.add(values)

    def merge(self, other: Numbers) -> None:
        if other.rows:
            self._combine(other.rows, other.mean, other.squares, other.low, other.high)
            self.whole += other.whole
            self.sketch.merge(other.sketch)

    def _combine(self, rows: int, mean: float, squares: float, low: float, high: float) -> None:
        """Combine moments by Chan's update, which is exact for batches of any size."""
        total = self.rows + rows
        gap = mean - self.mean
        self.squares += squares + gap * gap * self.rows * rows / total
        self.mean += gap * rows / total
        self.rows = total
        self.low, self.high = min(self.low, low), max(self.high, high)


@dataclass
class Texts:
    """The count of each value; beyond MOST_VALUES the rarest are counted together."""

    counts: Counter[str] = field(default_factory=Counter)
    other: int = 0

    @property
    def rows(self) -> int:
        return self.counts.total() + self.other

    def add(self, values: pa.Array, times: pa.Array) -> None:
        """Add distinct values with their counts."""
        for value, count in pairs(values, times):
            self.counts[value] += count
        if len(self.counts) > 2 * MOST_VALUES:
            self.prune()

    def merge(self, other: Texts) -> None:
        self.counts.update(other.counts)
        self.other += other.other
        self.prune()

    def prune(self) -> None:
        if len(self.counts) > MOST_VALUES:
            kept = Counter(dict(self.counts.most_common(MOST_VALUES)))
            self.other += self.counts.total() - kept.total()
            self.counts = kept

    def share(self, value: str) -> float:
        return self.counts[value] / self.rows


def pairs(values: pa.Array, times: pa.Array) -> Iterable[tuple[str, int]]:
    """Yield each distinct value with its count."""
    return zip(values.to_pylist(), times.to_pylist(), strict=True)
