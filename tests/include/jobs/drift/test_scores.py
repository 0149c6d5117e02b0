"""Scores of captured answers: scikit-learn's, or a refusal that names the value."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as reference

from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.scores import BINARY, MULTICLASS, REGRESSION, answers, metrics


def scored(labels: list[Any], predictions: list[Any], problem: str) -> dict[str, float]:
    return metrics(answers(labels, predictions, problem), problem)


def test_scores_of_probabilities_are_scikit_learns() -> None:
    draw = np.random.default_rng(1)
    labels = draw.integers(2, size=200)
    given = np.round(np.clip(0.3 * labels + 0.7 * draw.random(200), 0, 1), 1)  # with ties
    decided = given >= 0.5
    scores = scored(labels.tolist(), [str(value) for value in given], BINARY)
    assert scores["auc"] == pytest.approx(reference.roc_auc_score(labels, given))
    assert scores["accuracy"] == pytest.approx(reference.accuracy_score(labels, decided))
    assert scores["f1"] == pytest.approx(reference.f1_score(labels, decided))
    negatives = reference.recall_score(labels, decided, pos_label=0)
    assert scores["true_negative_rate"] == pytest.approx(negatives)
    assert scores["true_positive_rate"] + scores["false_negative_rate"] == pytest.approx(1)


def test_a_window_of_one_class_has_no_area() -> None:
    scores = scored([1, 1], [0.2, 0.9], BINARY)
    assert math.isnan(scores["auc"])
    assert (scores["accuracy"], scores["precision"], scores["true_negative_rate"]) == (0.5, 1.0, 0)


@pytest.mark.parametrize(
    ("labels", "predictions", "accuracy"),
    [
        (["1", "2"], [1.0, 2], 1.0),  # one class, however it is written
        (["gold", "tin"], ["gold", "gold"], 0.5),
        (["0", "2"], [[0.7, 0.2, 0.1], ["0.1", "0.2", "0.7"]], 1.0),  # the likeliest
    ],
)
def test_classes_are_compared_by_name(
    labels: list[Any], predictions: list[Any], accuracy: float
) -> None:
    assert scored(labels, predictions, MULTICLASS)["accuracy"] == accuracy


def test_scores_of_classes_are_weighted_by_their_frequency() -> None:
    labels, given = [*"aaab", "c"], [*"aabb", "a"]
    scores = scored(labels, given, MULTICLASS)
    options: dict[str, Any] = {"average": "weighted", "zero_division": 0}
    assert scores["weighted_f1"] == pytest.approx(reference.f1_score(labels, given, **options))
    precision = reference.precision_score(labels, given, **options)
    assert scores["weighted_precision"] == pytest.approx(precision)


def test_errors_of_numbers() -> None:
    scores = scored(["1", "3"], [[2.0], 3], REGRESSION)
    assert scores == pytest.approx({"mae": 0.5, "mse": 0.5, "rmse": math.sqrt(0.5), "r2": 0.5})
    assert math.isnan(scored([2, 2], [2, 3], REGRESSION)["r2"])


@pytest.mark.parametrize(
    ("labels", "predictions", "problem", "sentence"),
    [
        (["2"], [0.5], BINARY, r"are 0 or 1, not \[2\.\]\. Number them, or set the problem type"),
        (["yes"], [0.5], BINARY, "A label is no number .*'yes'.*Set the problem type"),
        ([1.0], ["gold"], REGRESSION, "A prediction is no number .*'gold'"),
        (["0"], [["high", "low"]], MULTICLASS, "A probability is no number"),
    ],
)
def test_what_is_no_answer_is_refused(
    labels: list[Any], predictions: list[Any], problem: str, sentence: str
) -> None:
    with pytest.raises(UnreadableData, match=sentence) as refused:
        answers(labels, predictions, problem)
    assert "hidden value" in refused.value.without_values


def test_rows_are_taken_with_their_probabilities() -> None:
    some = answers([0, 1, 1], [0.1, 0.6, 0.4], BINARY).take(np.array([2, 1]))
    assert (some.labels.tolist(), some.predicted.tolist()) == ([1, 1], [0, 1])
    assert some.scores is not None
    assert some.scores.tolist() == [0.4, 0.6]
    assert answers([1], [2], REGRESSION).take(np.array([0])).scores is None
