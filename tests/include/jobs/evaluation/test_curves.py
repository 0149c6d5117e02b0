"""Curves and the confusion matrix, as the page of an evaluation draws them."""

from __future__ import annotations

import numpy as np

from include.jobs.evaluation.answers import Answers
from include.jobs.evaluation.curves import BINS, CLASSES, POINTS, curves, matrix
from tests.include.jobs.evaluation.holdouts import binary

NO_YES = ["no", "yes"]


def test_a_long_curve_is_thinned_and_keeps_both_ends() -> None:
    truth, chances, _ = binary(3000)
    drawn = curves(truth, Answers(chances, truth), NO_YES)
    assert list(drawn) == ["yes"]
    roc = drawn["yes"]["roc"]
    assert (roc[0], roc[-1]) == ([0.0, 0.0], [1.0, 1.0])
    assert len(roc) == POINTS
    recall = [point[0] for point in drawn["yes"]["precision_recall"]]
    assert recall == sorted(recall)


def test_a_class_that_no_row_has_gets_no_curve() -> None:
    chances = np.linspace(0, 1, 20)
    assert curves(np.zeros(20, int), Answers(chances, chances), NO_YES) == {"yes": {}}


def test_the_most_frequent_of_many_classes_are_drawn() -> None:
    classes = [f"c{number}" for number in range(CLASSES + 2)]
    rows = np.repeat(np.arange(len(classes)), [1, 2, *[5] * CLASSES])
    chances = np.eye(len(classes))[rows]
    assert list(curves(rows, Answers(rows, rows, chances), classes)) == classes[2:]
    assert curves(rows, Answers(rows, rows), classes) == {}


def test_a_regression_has_the_mean_label_of_similar_predictions() -> None:
    predicted = np.arange(100.0)
    means = curves(predicted + 1, Answers(predicted, predicted), [])[""]["calibration"]
    assert len(means) == BINS
    assert means[0] == [4.5, 5.5]
    assert means[-1] == [94.5, 95.5]


def test_the_matrix_has_a_row_for_each_label_and_each_decision_in_it() -> None:
    truth, chosen = np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0])
    counts = matrix(truth, Answers(chosen, chosen), ["a", "b", "c"])
    assert counts["a"] == {"a": 1, "b": 1, "c": 0}
    assert counts["b"] == {"a": 1, "b": 2, "c": 0}
    assert set(counts["c"].values()) == {0}
