"""Estimate by resampling how far scores, and differences between two models, vary by chance.

Both models are measured on the same resampled rows, so that what is hard for both cancels out. A
resample is a weight for each row, which scikit-learn's metrics take: no row is copied.

Up to BAG rows, this is the paired bootstrap. Beyond, it is the bag of little bootstraps (Kleiner et
al., 2014): a few random bags of n ** 0.7 rows, each resampled to all n rows by weights. A metric is
then computed on a bag's rows alone, so that the cost of ten million rows is that of 80,000.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from .answers import Answers, Array
from .measures import MEASURES, Measured
from .scores import SCORES, gain

RESAMPLES = 200  # they fix a standard deviation to 5 %; the interval is normal, not a percentile
BAG, BAGS = 20_000, 10
SEED = 7


class Spread(NamedTuple):
    """Hold standard deviations: of each model's metrics, and of the gain by score."""

    models: list[Measured]
    gains: Measured


def spread(problem: str, truth: Array, models: Sequence[Answers]) -> Spread:
    """Return how far the metrics of *models* vary, and the gain of the first over the second."""
    bags = [_bag(problem, truth, models, rows, draw) for rows, draw in _bags(len(truth))]
    deviations = [
        {name: _deviation([[one[name] for one in bag[place]] for bag in bags]) for name in first}
        for place, first in enumerate(model[0] for model in bags[0])
    ]
    gains: Measured = {}
    if len(models) > 1:
        for score in SCORES[problem]:
            pairs = [zip(bag[0], bag[1], strict=True) for bag in bags]
            gains[score] = _deviation(
                [[gain(problem, score, a[score], b[score]) for a, b in pair] for pair in pairs]
            )
    return Spread(deviations, gains)


def interval(value: float, deviation: float, confidence: float) -> list[float]:
    """Return the two-sided interval of *confidence* around *value*."""
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * deviation
    return [value - reach, value + reach]


def _bags(rows: int) -> Iterator[tuple[Array, Array]]:
    """Yield the rows of each bag, and a row of weights for each of its resamples."""
    draw = np.random.default_rng(SEED)
    bags = 1 if rows <= BAG else BAGS
    size = rows if bags == 1 else max(BAG, round(rows**0.7))
    for _ in range(bags):
        chosen = np.arange(rows) if bags == 1 else np.sort(draw.choice(rows, size, replace=False))
        yield chosen, draw.multinomial(rows, np.full(size, 1 / size), size=RESAMPLES // bags)


def _bag(
    problem: str, truth: Array, models: Sequence[Answers], rows: Array, weights: Array
) -> list[list[Measured]]:
    """Return the metrics of each model on each resample of a bag."""
    measure, labels = MEASURES[problem], truth[rows]
    return [
        [measure(labels, answers, drawn.astype(float)) for drawn in weights]
        for answers in (model.take(rows) for model in models)
    ]


def _deviation(bags: list[list[float]]) -> float:
    """Return the mean of the bags' deviations; a resample with one class has no auc."""
    return float(np.nanmean(np.nanstd(np.array(bags), axis=1, ddof=1)))
