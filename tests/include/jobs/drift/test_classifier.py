"""Rows of two samples: separated where they differ, and not where they are alike."""

from __future__ import annotations

import numpy as np
import pytest

from include.jobs.drift.classifier import area, separate
from include.jobs.drift.row_features import Features

Array = np.ndarray
NAMES: tuple[tuple[str, str | None], ...] = (("a", None), ("b", None), ("c", None))


def rows(count: int, seed: int, correlation: float = 0.0) -> Array:
    draw = np.random.default_rng(seed)
    table = draw.standard_normal((count, len(NAMES)))
    table[:, 1] = correlation * table[:, 0] + np.sqrt(1 - correlation**2) * table[:, 1]
    return table


def test_rows_of_one_distribution_cannot_be_separated() -> None:
    separation = separate(Features(NAMES, rows(1500, 1), rows(800, 2)))
    assert abs(separation.auc - 0.5) < 0.05
    assert separation.terms == []
    assert (separation.rows, separation.others) == (800, 1500)


def test_a_shift_is_named_by_its_feature_alone() -> None:
    shifted = rows(800, 2) + np.array([0.0, 0.0, 1.0])
    separation = separate(Features(NAMES, rows(1500, 1), shifted))
    assert separation.auc > 0.7
    assert separation.terms[0] == (None, 2)


def test_a_correlation_is_named_by_both_features() -> None:
    separation = separate(Features(NAMES, rows(1500, 1), rows(800, 2, correlation=0.8)))
    assert separation.auc > 0.6
    assert separation.terms[0] == (0, 1)


def test_repeated_rows_count_once() -> None:
    again = np.repeat(rows(100, 2), 8, axis=0)
    separation = separate(Features(NAMES, rows(1500, 1), again))
    assert separation.rows == pytest.approx(100, rel=0.15)
    assert abs(separation.auc - 0.5) < 0.15, "a fold must not know its answers"


@pytest.mark.parametrize(
    ("was", "now", "share"),
    [([1, 2], [3, 4], 1.0), ([3, 4], [1, 2], 0.0), ([1, 2], [1, 2], 0.5), ([], [1], 0.5)],
)
def test_area_counts_ties_by_half(was: list[float], now: list[float], share: float) -> None:
    assert area(np.array(was, float), np.array(now, float)) == share
