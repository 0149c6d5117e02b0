"""
Compute confidence bounds of a difference between two samples, with the standard library.

Every bound is one-sided: each one holds with the requested confidence.
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

LEAST_BATCHES = 5  # the expansion below is accurate to 0.001 from 4 degrees of freedom on


class Range(NamedTuple):
    """The lower and upper bound of a difference."""

    least: float
    most: float


class Share(NamedTuple):
    """A proportion, as hits of a total."""

    hits: int
    of: int


class Mean(NamedTuple):
    """A mean, its standard error, and the number of batches behind the error."""

    value: float
    error: float
    batches: int


def between_shares(one: Share, other: Share, confidence: float) -> Range:
    """
    Return bounds of *one* minus *other*, valid for few and for zero hits as well.

    Newcombe (1998), Interval estimation for the difference between independent proportions,
    Statistics in Medicine 17, method 10. It assumes independent hits.
    """
    p, q = one.hits / one.of, other.hits / other.of
    mine, theirs = _wilson(one, confidence), _wilson(other, confidence)
    return Range(
        p - q - sqrt((p - mine.least) ** 2 + (theirs.most - q) ** 2),
        p - q + sqrt((mine.most - p) ** 2 + (q - theirs.least) ** 2),
    )


def between_means(one: Mean, other: Mean, confidence: float) -> Range:
    """Return bounds of *one* minus *other* with unequal variances, by Welch's test."""
    difference = one.value - other.value
    parts = [(mean.error**2, mean.batches - 1) for mean in (one, other)]
    variance = sum(part for part, _ in parts)
    if not variance:
        return Range(difference, difference)
    freedom = variance**2 / sum(part**2 / degrees for part, degrees in parts)
    reach = student(confidence, freedom) * sqrt(variance)
    return Range(difference - reach, difference + reach)


def mean_of(batches: list[tuple[float, float]]) -> Mean | None:
    """
    Return the mean of values known as sum and count per batch; None for too few batches.

    The batches' means give its error, though single values are unknown and neighbours within a
    batch are correlated: Schmeiser (1982), Batch size effects in the analysis of simulation output,
    Operations Research 30.
    """
    count = sum(number for _, number in batches)
    if len(batches) < LEAST_BATCHES:
        return None
    mean = sum(total for total, _ in batches) / count
    spread = sum(number * (total / number - mean) ** 2 for total, number in batches)
    return Mean(mean, sqrt(spread / (len(batches) - 1) / count), len(batches))


def student(confidence: float, freedom: float) -> float:
    """Return the quantile of Student's t: Abramowitz and Stegun 26.7.5."""
    z = NormalDist().inv_cdf(confidence)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))


def _wilson(share: Share, confidence: float) -> Range:
    z, n, p = NormalDist().inv_cdf(confidence), share.of, share.hits / share.of
    middle = p + z * z / (2 * n)
    reach = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Range((middle - reach) / (1 + z * z / n), (middle + reach) / (1 + z * z / n))
