"""Encode sampled rows as numbers on one scale, by what the baseline's rows say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import numerals
from .columns import unwrapped
from .samples import Sample
from .statistics import Profile
from .texts import is_distinct

MOST = 100  # columns whose pairs are compared
VALUES = 8  # of a category: the frequent ones
SHARE = 0.02  # of the rows that a frequent value has at least
END = 3.0  # standard deviations beyond which a number counts as that far

Array = np.ndarray


@dataclass(frozen=True)
class Features:
    """Rows by features; *names* are the column of each, and the value of a category."""

    names: tuple[tuple[str, str | None], ...]
    was: Array
    now: Array


def judged_columns(was: Profile, now: Profile) -> list[str]:
    """Return the columns that both data sets fill with values that can be compared."""
    return [
        name
        for name, column in was.columns.items()
        if name in now.columns
        and column.present
        and now.columns[name].present
        and not column.personal
        and column.numeric == now.columns[name].numeric
        and not is_distinct(column)
    ]


def encode(was: Sample, now: Sample, profile: Profile, names: list[str]) -> Features:
    """
    Return the rows of both samples as standardized features.

    A number becomes the normal score of its rank among the baseline's rows, so that neither a long
    tail nor a unit counts; a category becomes one feature for each frequent value.
    """
    labels: list[tuple[str, str | None]] = []
    parts: list[tuple[Array, Array]] = []
    for name in names[:MOST]:
        cells = was.cells(name), now.cells(name)
        if profile.columns[name].numeric:
            labels.append((name, None))
            parts.append(_scores(*map(numbers_of, cells)))
        else:
            for value in _frequent(cells[0]):
                labels.append((name, value))
                parts.append(_indicators(value, *cells))
    kept = [i for i, (first, _) in enumerate(parts) if len(first) and np.ptp(first) > 0]
    sides = [np.column_stack([parts[i][side] for i in kept]) for side in (0, 1)] if kept else []
    first, second = sides or (np.empty((len(was), 0)), np.empty((len(now), 0)))
    return Features(tuple(labels[i] for i in kept), first, second)


def numbers_of(cells: pa.Array) -> Array:
    """Return cells as numbers, in whatever notation they are written; NaN where they are not."""
    values = np.full(len(cells), np.nan)
    places = np.nonzero(~np.asarray(cells.is_null()))[0]
    filled = cells.drop_null()
    marked = unmasked(numerals.is_marker(filled))
    places, filled = places[~marked], filled.filter(pa.array(~marked))
    plain = unmasked(pc.match_substring_regex(filled, numerals.NUMBER))
    notation = None
    if not plain.all():
        notation = numerals.notation_of(filled, pa.array(np.ones(len(filled), np.int64)))
    numbers, numeric = numerals.read(filled, notation)
    values[places[unmasked(numeric)]] = unwrapped(numbers)
    return np.where(np.isfinite(values), values, np.nan)


def unmasked(mask: pa.Array) -> Array:
    return np.asarray(mask.to_pylist(), dtype=bool)


def _scores(was: Array, now: Array) -> tuple[Array, Array]:
    """Return normal scores by the ranks of *was*; a missing number is in the middle."""
    order = np.sort(was[~np.isnan(was)])
    if not len(order):
        return np.zeros(len(was)), np.zeros(len(now))
    grid = np.linspace(-END, END, 601)
    shares = _normal(grid)

    def scored(values: Array) -> Array:
        below = np.searchsorted(order, values, "left")
        rank = (below + np.searchsorted(order, values, "right")) / (2 * len(order))
        scores = np.interp(rank, shares, grid)
        return np.where(np.isnan(values), 0.0, scores)

    return scored(was), scored(now)


def _normal(values: Array) -> Array:
    """Return the normal distribution function, by its error function's usual approximation."""
    x = np.abs(values) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * x)
    steps = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
    total = np.zeros_like(t)
    for step in steps:
        total = (total + step) * t
    half = total * np.exp(-x * x) / 2
    return np.asarray(np.where(values > 0, 1 - half, half))


def _frequent(cells: pa.Array) -> list[str]:
    counts = Counter(cells.drop_null().to_pylist())
    ordered = sorted(counts, key=lambda value: (-counts[value], value))
    return [value for value in ordered[:VALUES] if counts[value] >= SHARE * len(cells)]


def _indicators(value: str, was: pa.Array, now: pa.Array) -> tuple[Array, Array]:
    first, second = (unmasked(pc.fill_null(pc.equal(cells, value), False)) for cells in (was, now))
    share, spread = first.mean(), first.std() or 1.0
    return (first - share) / spread, (second - share) / spread
