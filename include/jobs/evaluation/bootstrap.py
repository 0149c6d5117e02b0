"""Estimate by resampling how far scores, and differences between two models, vary by chance.

Both models are measured on the same resampled rows, so that what is hard for both cancels out. A
resample is a weight for each row, which scikit-learn's metrics take: no row is copied.

Up to BAG rows, this is the paired bootstrap. Beyond, it is the bag of little bootstraps (Kleiner et
al., 2014): a few random bags of n ** 0.7 rows, each resampled to all n rows by weights. A metric is
then computed on a bag's rows alone, so that the cost of ten million rows is that of 80,000.

A deviation is uncertain itself: there are few resamples, and large errors or rare positives may
decide. So an interval has the reach of Student's t, whose degrees of freedom (Satterthwaite, 1946)
come from leaving out groups of rows. `bench/bench_evaluation.py` counts how often intervals hold
the true gain; scipy's BCa intervals hold it less often.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf, isnan, sqrt
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit
from sklearn import config_context

from .answers import Answers, Array
from .measures import MEASURES, Measured
from .scores import SCORES, gain

RESAMPLES = 100  # for a standard deviation; an interval reads no percentiles
BAG, BAGS = 20_000, 10
GROUPS = 25  # of rows, each left out once
SEED = 7


class Deviation(NamedTuple):
    """A standard deviation, and the degrees of freedom that it is known with."""

    standard: float
    freedom: float


Deviations = dict[str, Deviation]


class Spread(NamedTuple):
    """Hold the deviations of each model's metrics, and those of the gain by score."""

    models: list[Deviations]
    gains: Deviations


def spread(problem: str, truth: Array, models: Sequence[Answers]) -> Spread:
    """Return how far the metrics of *models* vary, and the gain of the first over the second."""
    with config_context(assume_finite=True, skip_parameter_validation=True):  # by read_answers
        return _spread(problem, truth, models)


def _spread(problem: str, truth: Array, models: Sequence[Answers]) -> Spread:
    bags = [_bag(problem, truth, models, rows, draw) for rows, draw in _bags(len(truth))]
    left = _left_out(problem, truth, models)
    deviations = [
        {
            name: _deviation(
                [[one[name] for one in bag[place]] for bag in bags],
                [one[name] for one in left[place]],
            )
            for name in first
        }
        for place, first in enumerate(model[0] for model in bags[0])
    ]
    gains: Deviations = {}
    if len(models) > 1:
        for score in SCORES[problem]:
            drawn = [_gains(problem, score, bag) for bag in bags]
            gains[score] = _deviation(drawn, _gains(problem, score, left))
    return Spread(deviations, gains)


def interval(value: float, deviation: Deviation, confidence: float) -> list[float]:
    """Return the two-sided interval of *confidence* around *value*."""
    reach = float(stdtrit(deviation.freedom, (1 + confidence) / 2)) * deviation.standard
    return [value - reach, value + reach]


def _gains(problem: str, score: str, measured: Sequence[Sequence[Measured]]) -> list[float]:
    """Return the gain of the first model over the second, for each pair of measurements."""
    pairs = zip(measured[0], measured[1], strict=True)
    return [gain(problem, score, a[score], b[score]) for a, b in pairs]


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


def _left_out(problem: str, truth: Array, models: Sequence[Answers]) -> list[list[Measured]]:
    """Return the metrics of each model without each group of at most BAG rows."""
    rows = np.random.default_rng(SEED).permutation(len(truth))[:BAG]
    groups = np.arange(len(rows)) % GROUPS
    kept = [rows[groups != group] for group in range(min(GROUPS, len(rows)))]
    measure = MEASURES[problem]
    return [
        [measure(truth[some], model.take(some), None) for some in kept if len(some)]
        for model in models
    ]


def _deviation(bags: list[list[float]], without: list[float]) -> Deviation:
    """Return the deviation of resamples by bag, given the values *without* each group of rows.

    A resample with one class has no auc.
    """
    variance = float(np.nanmean(np.nanvar(np.array(bags), axis=1, ddof=1)))
    return Deviation(sqrt(variance), 1 / (1 / RESAMPLES + 1 / _freedom(without)))


def _freedom(without: list[float]) -> float:
    """Return the degrees of freedom of a variance, given the values *without* each group."""
    values = np.array([one for one in without if not isnan(one)])
    squares = (values - values.mean()) ** 2 if len(values) else values
    if not (total := float(squares.sum())):
        return inf
    kurtosis = float((squares**2).sum()) * len(squares) / total**2
    return 2 * len(squares) / (kurtosis - 1) if kurtosis > 1 else inf
