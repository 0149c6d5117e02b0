"""Bounds compared with the literature and with SciPy, which the operators do not use."""

from __future__ import annotations

import random

import pytest
from prodml.comparison.confidence import (
    Mean,
    Share,
    between_means,
    between_shares,
    mean_of,
    student,
)
from scipy import stats

TWO_SIDED_95 = 0.975  # each bound by itself

# Newcombe (1998), table II, method 10: the interval without continuity correction.
PUBLISHED = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0000),
    ((10, 10), (0, 10), 0.6075, 1.0000),
]


@pytest.mark.parametrize(("one", "other", "least", "most"), PUBLISHED)
def test_the_difference_of_two_shares_is_bounded_as_published(
    one: tuple[int, int], other: tuple[int, int], least: float, most: float
) -> None:
    interval = between_shares(Share(*one), Share(*other), TWO_SIDED_95)
    assert interval == pytest.approx((least, most), abs=6e-5)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("freedom", [4.0, 6.5, 12.0, 45.0])
def test_students_quantile_is_the_true_one(confidence: float, freedom: float) -> None:
    assert student(confidence, freedom) == pytest.approx(
        stats.t.ppf(confidence, freedom), rel=1.1e-3
    )


def test_means_of_equal_batches_are_compared_as_welch_does() -> None:
    rng = random.Random(7)
    mine = [rng.gauss(20, 2) for _ in range(8)]
    theirs = [rng.gauss(23, 5) for _ in range(20)]
    one = mean_of([(50 * mean, 50) for mean in mine])
    other = mean_of([(50 * mean, 50) for mean in theirs])
    assert one
    assert other
    least = stats.ttest_ind(mine, theirs, equal_var=False, alternative="greater")
    most = stats.ttest_ind(mine, theirs, equal_var=False, alternative="less")
    assert between_means(one, other, 0.95) == pytest.approx(
        (least.confidence_interval(0.95).low, most.confidence_interval(0.95).high), rel=1e-4
    )


def test_the_bound_is_wrong_as_often_as_it_says_though_batches_differ_in_size() -> None:
    rng = random.Random(11)
    wrong, tries = 0, 2000
    for _ in range(tries):
        pair = []
        for _ in range(2):
            sizes = [rng.randrange(20, 200) for _ in range(12)]
            pair.append(mean_of([(rng.gauss(5 * n, 3 * n**0.5), n) for n in sizes]))
        one, other = pair
        assert one
        assert other
        wrong += between_means(one, other, 0.95).least > 0
    assert 0.035 < wrong / tries < 0.065


def test_too_few_batches_have_no_error_and_equal_ones_no_doubt() -> None:
    assert mean_of([(10.0, 2)] * 4) is None
    assert between_means(Mean(3, 0, 5), Mean(1, 0, 5), 0.95) == (2, 2)
