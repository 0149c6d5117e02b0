"""Hold the intervals to their confidence, by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from include.jobs.evaluation import bootstrap
from include.jobs.evaluation.answers import Answers
from include.jobs.evaluation.bootstrap import interval, spread
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
    monkeypatch.setattr(bootstrap, "RESAMPLES", 30)
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
    assert spread("regression", truth, pair).gains["rmse"] == pytest.approx(every, rel=0.25)


def test_a_higher_confidence_widens_the_interval() -> None:
    low, high = interval(0.1, 0.01, 0.95)
    assert (low, high) == pytest.approx((0.0804, 0.1196), abs=1e-4)
    assert interval(0.1, 0.01, 0.99)[0] < low
