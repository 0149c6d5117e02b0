"""Model Monitor's distance between two columns, as its open source (deequ) defines it."""

from __future__ import annotations

import math

import numpy as np

from .sketch import Categories, Column, Sketch

CRITICAL = 1.8  # c(alpha) of the two-sample Kolmogorov-Smirnov test, alpha = 0.003


def allowance(rows: int, others: int) -> float:
    """How far apart two samples of one distribution may be by chance."""
    return CRITICAL * math.sqrt((rows + others) / (rows * others))


def simple(one: Column, other: Column) -> float:
    """L-infinity: the largest gap between the distribution functions, or between two shares."""
    if isinstance(one, Sketch) and isinstance(other, Sketch):
        points = np.union1d(one.items, other.items)
        return float(np.abs(one.cdf(points) - other.cdf(points)).max())
    if isinstance(one, Categories) and isinstance(other, Categories):
        values = one.counts.keys() | other.counts.keys()
        return max(abs(_share(one, value) - _share(other, value)) for value in values)
    return 1.0  # text where the baseline has numbers: nothing is where it was


def robust(one: Column, other: Column) -> float:
    """The simple distance less what chance allows, never below zero."""
    if not one.present or not other.present:
        return float(one.present != other.present)  # a column that vanished, or that appeared
    return max(0.0, simple(one, other) - allowance(one.present, other.present))


def _share(column: Categories, value: str) -> float:
    return column.counts[value] / column.present
