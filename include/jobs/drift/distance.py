"""Compute Model Monitor's distances between two columns, as deequ defines them."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from .columns import Column

CRITICAL = 1.8  # c(alpha) of the two-sample Kolmogorov-Smirnov test, alpha = 0.003
EXPECTED = 10.0  # expected count that every cell of a 2 x 2 table needs
SMALL, SMALL_SHARE = 5.0, 0.2  # else at most this share of the cells may be below SMALL


def allowance(rows: int, others: int) -> float:
    """Return the distance that two samples of one distribution may have by chance."""
    return CRITICAL * math.sqrt((rows + others) / (rows * others))


def distance(was: Column, now: Column, method: str = "Robust", texts: str = "LInfinity") -> float:
    """
    Return the distance of *now* from *was*, 0 to 1 (ChiSquared with Simple: unbounded).

    Simple is the largest gap between the distribution functions, or between the shares of a
    category. Robust takes off what chance allows. ChiSquared is, with Robust, one less the p-value.
    """
    if not was.present or not now.present:
        return float(was.present != now.present)  # a column that vanished, or that appeared
    if was.numeric != now.numeric:
        return 1.0  # text where the baseline has numbers: nothing is where it was
    if texts == "ChiSquared" and not was.numeric:
        return chi_squared(was, now, method)
    gap = _numeric(was, now) if was.numeric else _categorical(was, now)
    if method == "Simple":
        return gap
    return max(0.0, gap - allowance(was.present, now.present))


def _numeric(was: Column, now: Column) -> float:
    one, other = was.numbers.sketch, now.numbers.sketch
    points = np.union1d(one.weighted()[0], other.weighted()[0])
    return float(np.abs(one.cdf(points) - other.cdf(points)).max())


def _categorical(was: Column, now: Column) -> float:
    values = was.texts.counts.keys() | now.texts.counts.keys()
    return max((abs(was.texts.share(v) - now.texts.share(v)) for v in values), default=0.0)


def chi_squared(was: Column, now: Column, method: str) -> float:
    """Return Pearson's statistic of *now* against the baseline's shares; rare values are merged."""
    expected, observed = _cells(was, now)
    if len(expected) < 2:
        return 0.0
    statistic = sum((o - e) ** 2 / e for e, o in zip(expected, observed, strict=True))
    return statistic if method == "Simple" else 1.0 - _chi_tail(statistic, len(expected) - 1)


def _cells(was: Column, now: Column) -> tuple[list[float], list[float]]:
    scale = now.present / was.present
    values = was.texts.counts.keys() | now.texts.counts.keys()
    pairs = sorted((was.texts.counts[v] * scale, float(now.texts.counts[v])) for v in values)
    while len(pairs) > 1 and not _large_enough([e for e, _ in pairs]):
        (e1, o1), (e2, o2), *rest = pairs
        pairs = sorted([(e1 + e2, o1 + o2), *rest])
    return [e for e, _ in pairs], [o for _, o in pairs]


def _large_enough(expected: list[float]) -> bool:
    if expected[0] <= 0:
        return False
    if len(expected) <= 2:
        return expected[0] >= EXPECTED
    return sum(e < SMALL for e in expected) <= SMALL_SHARE * len(expected)


def _chi_tail(statistic: float, freedom: int) -> float:
    """Return P(X > statistic): the upper incomplete gamma function, by series or fraction."""
    a, x = freedom / 2, statistic / 2
    if x <= 0:
        return 1.0
    front = math.exp(-x + a * math.log(x) - math.lgamma(a))
    if x < a + 1:
        return 1.0 - front * _series(a, x)
    return front * _fraction(a, x)


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    n = a
    while term > total * 1e-12:
        n += 1
        term *= x / n
        total += term
    return total


def _fraction(a: float, x: float) -> float:
    b, c = x + 1 - a, 1e300
    d = h = 1 / b
    for i in range(1, 1000):
        step = -i * (i - a)
        b += 2
        d = 1 / (step * d + b)
        c = b + step / c
        h *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return h


def detectable(threshold: float, rows: int, others: int) -> float | None:
    """Return the smallest true distance that this many rows could show, or None."""
    if not rows or not others:
        return None
    needed = threshold + allowance(rows, others)
    return needed if needed < 1 else None


def in_sigmas(gap: float | None) -> float | None:
    """Return the shift of a normal column, in standard deviations, with this distance."""
    return 2 * NormalDist().inv_cdf((gap + 1) / 2) if gap is not None else None


def beyond_chance(count: int, rows: int, other: int, others: int) -> float:
    """Return the root of the likelihood ratio that two rates are equal, in sigmas."""
    pooled = (count + other) / (rows + others)
    gain = sum(
        n * math.log(n / (size * p))
        for n, size, p in (
            (count, rows, pooled),
            (rows - count, rows, 1 - pooled),
            (other, others, pooled),
            (others - other, others, 1 - pooled),
        )
        if n > 0
    )
    return math.copysign(math.sqrt(max(0.0, 2 * gain)), count / rows - other / others)
