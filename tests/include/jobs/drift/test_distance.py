"""The distances by their definitions, and chi-squared against SciPy's."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from include.jobs.drift.columns import Column
from include.jobs.drift.distance import allowance, chi_squared, distance
from include.jobs.drift.summaries import Texts


def texts(counts: dict[str, int]) -> Column:
    return Column("plan", as_text=True, texts=Texts(Counter(counts)))


def numbers(values: list[float]) -> Column:
    column = Column("minutes")
    column.add(pa.array(values))
    return column


def test_simple_is_the_largest_gap_between_the_distribution_functions() -> None:
    draw = np.random.default_rng(3)
    was, now = draw.normal(size=1500), draw.normal(0.3, 1, size=900)
    expected = stats.ks_2samp(was, now).statistic
    one, other = numbers(was.tolist()), numbers(now.tolist())
    assert distance(one, other, "Simple") == pytest.approx(expected)
    robust = expected - 1.8 * math.sqrt((1500 + 900) / (1500 * 900))
    assert distance(one, other, "Robust") == pytest.approx(robust)


def test_of_categories_the_share_that_moved_most() -> None:
    was, now = texts({"a": 500, "b": 300, "c": 200}), texts({"a": 300, "b": 400, "d": 300})
    assert distance(was, now, "Simple") == pytest.approx(0.3)
    assert distance(was, now, "Robust") == pytest.approx(0.3 - allowance(1000, 1000))


@pytest.mark.parametrize("now", [{"a": 40, "b": 35, "c": 25}, {"a": 70, "b": 20, "c": 10}])
def test_chi_squared_is_pearsons_with_the_baseline_as_what_is_expected(now: dict[str, int]) -> None:
    was = {"a": 500, "b": 300, "c": 200}
    expected = [50.0, 30.0, 20.0]
    result = stats.chisquare(list(now.values()), expected)
    assert chi_squared(texts(was), texts(now), "Simple") == pytest.approx(result.statistic)
    tail = 1 - chi_squared(texts(was), texts(now), "Robust")
    assert tail == pytest.approx(result.pvalue, rel=1e-6)


@pytest.mark.parametrize("freedom", [1, 2, 9, 60])
@pytest.mark.parametrize("share", [0.2, 0.9, 1.5, 3.0])
def test_the_tail_of_chi_squared(freedom: int, share: float) -> None:
    from include.jobs.drift.distance import _chi_tail

    statistic = share * freedom
    assert _chi_tail(statistic, freedom) == pytest.approx(
        stats.chi2.sf(statistic, freedom), rel=1e-6
    )


def test_rare_categories_are_taken_together() -> None:
    """Two expected in each of ten: no cell could be judged alone; their sums can."""
    from include.jobs.drift.distance import _cells

    was = texts({"a": 800, **{f"rare{i}": 20 for i in range(10)}})
    now = texts({"a": 70, "rare0": 20, "rare1": 10})
    expected, observed = _cells(was, now)
    assert sum(expected) == pytest.approx(sum(observed)) == 100
    assert sum(e < 5 for e in expected) <= 0.2 * len(expected)
    assert len(expected) > 2
    assert chi_squared(was, now, "Robust") > 0.95


def test_a_category_that_the_baseline_lacks_joins_the_rarest() -> None:
    was, now = texts({"a": 500, "b": 500}), texts({"a": 40, "b": 40, "new": 20})
    assert chi_squared(was, now, "Simple") == pytest.approx(
        stats.chisquare([60, 40], [50, 50]).statistic
    )


def test_one_category_cannot_move() -> None:
    assert chi_squared(texts({"a": 100}), texts({"a": 10}), "Robust") == 0.0


def test_text_where_numbers_were_is_as_far_as_can_be() -> None:
    assert distance(numbers([1.0, 2.0]), texts({"a": 2})) == 1.0


def test_a_column_that_vanished_or_appeared_is_as_far_as_can_be() -> None:
    empty, filled = texts({}), texts({"a": 2})
    pairs = ((empty, filled), (filled, empty), (empty, empty))
    assert [distance(was, now, "Robust") for was, now in pairs] == [1.0, 1.0, 0.0]
