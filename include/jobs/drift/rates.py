"""Compare the rates of zeros, flags and frequent values of a column with its baseline."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .columns import Column
from .distance import beyond_chance
from .findings import DRIFT, POINTS, SIGMAS, Finding, Status

TIMES = 2.0  # a rare rate has changed when it is at least this much more, or less


def rates(was: Column, now: Column) -> Iterator[Finding]:
    """Yield changed rates that no distance shows: from 1 % to 3 %, a flag moves by 0.02 only."""
    if not (was.present and now.present and was.numeric == now.numeric):
        return
    if was.numeric:
        yield from _rate("zero_share", f"zeros in {now.name}", zeros(was), zeros(now), was, now)
        return
    for value in was.texts.counts.keys() & now.texts.counts.keys():
        shares = was.texts.share(value), now.texts.share(value)
        yield from _rate("rate", f"{value!r} in {now.name}", *shares, was, now)


def _rate(
    check: str, what: str, before: float, after: float, was: Column, now: Column
) -> Iterator[Finding]:
    rarer = (before, after) if before <= 0.5 else (1 - before, 1 - after)
    low, high = sorted(rarer)
    if high - low < POINTS[0] or high < TIMES * low:
        return
    counts = round(after * now.present), now.present, round(before * was.present), was.present
    if abs(beyond_chance(*counts)) > SIGMAS:
        status = Status.ALERT if high - low >= POINTS[1] else Status.WARN
        yield Finding(
            check, DRIFT, status, f"The share of {what} is {after:.1%}, not {before:.1%}."
        )


def zeros(column: Column) -> float:
    """Return the share of zeros in a numeric column."""
    zero, sketch = np.array([0.0]), column.numbers.sketch
    return float((sketch.cdf(zero) - sketch.cdf(zero, inclusive=False))[0])
