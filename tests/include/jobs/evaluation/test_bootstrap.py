"""Hold the intervals to their confidence, by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from include.jobs.evaluation import bootstrap
from include.jobs.evaluation.answers import Answers
from include.jobs.evaluation.bootstrap import Deviation, interval, spread
from include.jobs.evaluation.measures import regression

WORLDS = 30


def models(rows: int, seed: int) -> tuple[np.ndarray, list[Answers]]:
    """Return labels, and a better and a worse regression of the same rows."""
    draw = np.random.default_rng(seed)
    truth = draw.normal(size=rows)
    said = [truth + size * draw.normal(size=rows) for size in (0.5, 0.6)]
    return truth, [Answers(values, values) for values in said]


def errors_saved(truth: np.ndarray, pair: list[Answers]) -> float:
    better, worse = (regression(truth, one)["rmse"] for one in pair)
    return worse - better


def test_intervals_of_the_gain_hold_the_true_gain_as_often_as_they_claim(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`bench/bench_evaluation.py` has 500 worlds, and every problem."""
    monkeypatch.setattr(bootstrap, "RESAMPLES", 20)
    monkeypatch.setattr(bootstrap, "GROUPS", 10)
    held = 0
    for seed in range(WORLDS):
        truth, pair = models(400, seed)
        deviation = spread("regression", truth, pair).gains["rmse"]
        low, high = interval(errors_saved(truth, pair), deviation, 0.95)
        held += low <= 0.1 <= high
    assert 25 <= held < WORLDS


def test_bags_of_few_rows_agree_with_resamples_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    truth, pair = models(5000, 5)
    every = spread("regression", truth, pair).gains["rmse"]
    monkeypatch.setattr(bootstrap, "BAG", 1000)
    bags = spread("regression", truth, pair).gains["rmse"]
    assert bags.standard == pytest.approx(every.standard, rel=0.25)


def test_a_gain_by_few_rows_has_fewer_degrees_of_freedom() -> None:
    truth, (better, worse) = models(400, 5)
    even = spread("regression", truth, [better, worse]).gains["mae"]
    missed = better.values.copy()
    missed[:2] += 40
    few = spread("regression", truth, [better, Answers(missed, missed)]).gains["mae"]
    assert few.freedom < 5 < 15 < even.freedom < bootstrap.RESAMPLES


def test_a_higher_confidence_and_fewer_degrees_of_freedom_widen_the_interval() -> None:
    low, high = interval(0.1, Deviation(0.01, 1e6), 0.95)
    assert (low, high) == pytest.approx((0.0804, 0.1196), abs=1e-4)
    assert interval(0.1, Deviation(0.01, 1e6), 0.99)[0] < low
    assert interval(0.1, Deviation(0.01, 10), 0.95)[0] == pytest.approx(0.1 - 0.02228, abs=1e-5)
