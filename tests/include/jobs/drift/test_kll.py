"""The quantile sketch: exact while it is small, within a thousandth when it is not."""

from __future__ import annotations

import numpy as np
import pytest

from include.jobs.drift.kll import K, Kll

POINTS = np.linspace(-3, 3, 41)


def sketch(values: np.ndarray) -> Kll:
    result = Kll()
    result.add(values)
    return result


def error(result: Kll, values: np.ndarray) -> float:
    exact = np.searchsorted(np.sort(values), POINTS, side="right") / len(values)
    return float(np.abs(result.cdf(POINTS) - exact).max())


def test_few_values_are_kept_as_they_are() -> None:
    result = sketch(np.array([3.0, 1.0, 2.0]))
    assert result.levels == [[1.0, 2.0, 3.0]]
    assert result.cdf(np.array([1.0, 2.5])).tolist() == pytest.approx([1 / 3, 2 / 3])
    assert result.cdf(np.array([1.0]), inclusive=False).tolist() == [0.0]


def test_many_values_take_little_room_and_every_row_still_counts() -> None:
    values = np.random.default_rng(1).normal(size=500_000)
    result = sketch(values)
    items, weights = result.weighted()
    assert result.rows == weights.sum() == 500_000
    assert len(items) < 4 * K
    assert error(result, values) < 0.001


def test_merged_sketches_are_as_good_as_one() -> None:
    draw = np.random.default_rng(2)
    parts = [draw.normal(size=n) for n in (100, 40_000, 90_000)]
    total = Kll()
    for part in parts:
        total.merge(sketch(part))
    assert total.rows == 130_100
    assert error(total, np.concatenate(parts)) < 0.0015


def test_levels_make_the_sketch_again() -> None:
    result = sketch(np.random.default_rng(3).normal(size=30_000))
    again = Kll(np.array(level) for level in result.levels)
    assert again.cdf(POINTS).tolist() == result.cdf(POINTS).tolist()


def test_the_same_rows_make_the_same_sketch() -> None:
    values = np.random.default_rng(4).normal(size=50_000)
    assert sketch(values).levels == sketch(values).levels
