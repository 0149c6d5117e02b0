"""Metrics by hand, and the weights of rows."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest

from include.jobs.evaluation.answers import Answers
from include.jobs.evaluation.measures import MEASURES, binary, multiclass, regression
from include.jobs.evaluation.scores import SCORES

TRUTH = np.array([0, 0, 1, 1])
CHANCES = np.array([0.1, 0.6, 0.4, 0.9])
ANSWERS = Answers(CHANCES, np.array([0, 1, 0, 1]))


def test_probabilities_are_ranked_and_decisions_are_counted() -> None:
    measured = binary(TRUTH, ANSWERS)
    assert measured["auc"] == 0.75
    shares = ("accuracy", "precision", "recall", "f1", "false_positive_rate", "true_negative_rate")
    assert {measured[name] for name in shares} == {0.5}
    hits = CHANCES[[2, 3]], 1 - CHANCES[[0, 1]]
    assert measured["log_loss"] == pytest.approx(-np.log(np.concatenate(hits)).mean())


@pytest.mark.parametrize("problem", MEASURES)
def test_a_row_without_weight_is_as_good_as_no_row(problem: str) -> None:
    weights, kept = np.array([1.0, 2.0, 0.0, 1.0]), np.array([0, 1, 1, 3])
    weighted = MEASURES[problem](TRUTH, ANSWERS, weights)
    assert weighted == pytest.approx(MEASURES[problem](TRUTH[kept], ANSWERS.take(kept), None))


@pytest.mark.parametrize("problem", MEASURES)
def test_every_score_that_decides_is_measured(problem: str) -> None:
    assert set(SCORES[problem]) <= set(MEASURES[problem](TRUTH, ANSWERS, None))


def test_what_needs_two_labels_is_unknown_of_one() -> None:
    one = np.ones(4, int)
    measured = binary(one, ANSWERS)
    assert isnan(measured["auc"])
    assert isnan(measured["average_precision"])
    assert measured["recall"] == 0.5
    assert isnan(regression(one, ANSWERS)["r2"])
    only_ones = np.array([0.0, 0.0, 1.0, 1.0])
    assert isnan(binary(TRUTH, ANSWERS, only_ones)["auc"])


def test_a_frequent_class_does_not_hide_the_others_in_the_balanced_accuracy() -> None:
    truth, chosen = np.array([0] * 8 + [1, 2]), np.array([0] * 9 + [2])
    measured = multiclass(truth, Answers(chosen, chosen))
    assert measured["accuracy"] == 0.9
    assert measured["balanced_accuracy"] == pytest.approx(2 / 3)
    assert measured["weighted_recall"] == pytest.approx(0.9)


def test_large_errors_count_more_by_rmse_than_by_mae() -> None:
    truth, chosen = np.array([0.0, 1.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0, 7.0])
    measured = regression(truth, Answers(chosen, chosen))
    assert (measured["mae"], measured["mse"], measured["rmse"]) == (1.0, 4.0, 2.0)
    assert measured["r2"] == pytest.approx(1 - 16 / 5)
