"""Scores of chances: of labels they are scikit-learn's, of doubt the average of all labels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn import metrics

from include.jobs.drift.expected_scores import deviations, scores_of
from tests.include.jobs.drift.calibrated import binary


def test_expected_scores_of_labels_are_scikit_learns() -> None:
    labels, given = binary(500, 4)
    given = np.round(given, 2)  # with ties
    yes = given >= 0.5
    scores = scores_of(labels.astype(float), given, yes)
    assert scores == pytest.approx(
        {
            "auc": metrics.roc_auc_score(labels, given),
            "average_precision": metrics.average_precision_score(labels, given),
            "log_loss": metrics.log_loss(labels, given),
            "accuracy": metrics.accuracy_score(labels, yes),
            "precision": metrics.precision_score(labels, yes),
            "recall": metrics.recall_score(labels, yes),
            "f1": metrics.f1_score(labels, yes),
        }
    )
    draw = np.random.default_rng(1)
    truth, decided = draw.integers(3, size=400), draw.integers(3, size=400)
    several = scores_of(np.eye(3)[truth], np.eye(3)[decided], decided)
    assert several == pytest.approx(
        {
            "accuracy": metrics.accuracy_score(truth, decided),
            "balanced_accuracy": metrics.balanced_accuracy_score(truth, decided),
            "weighted_f1": metrics.f1_score(truth, decided, average="weighted"),
        }
    )


def test_doubtful_rows_count_for_both_classes() -> None:
    chances = np.array([0.75, 0.75, 0.25, 0.25])
    scores = scores_of(chances, chances, chances >= 0.5)
    assert scores["accuracy"] == pytest.approx(0.75)
    assert scores["precision"] == scores["recall"] == pytest.approx(0.75)
    assert scores["auc"] == pytest.approx(0.75)
    assert scores["log_loss"] == pytest.approx(-0.75 * math.log(0.75) - 0.25 * math.log(0.25))


def test_rows_of_one_class_have_no_rank() -> None:
    scores = scores_of(np.ones(3), np.array([0.2, 0.5, 0.9]), np.array([False, True, True]))
    assert math.isnan(scores["auc"])
    assert math.isnan(scores["average_precision"])
    assert scores["recall"] == pytest.approx(2 / 3)
    none = scores_of(np.zeros(3), np.full(3, 0.1), np.zeros(3, bool))
    assert (none["precision"], none["recall"], none["f1"]) == (0.0, 0.0, 0.0)


def test_the_deviation_of_a_score_is_that_of_the_binomial() -> None:
    chances = np.full(400, 0.8)
    deviation = deviations(chances, chances, chances >= 0.5)["accuracy"]
    assert deviation == pytest.approx(math.sqrt(0.8 * 0.2 / 400), rel=0.25)
    assert deviations(chances, chances, chances >= 0.5)["accuracy"] == deviation
    table = np.tile([0.8, 0.1, 0.1], (400, 1))
    several = deviations(table, table, table.argmax(axis=1))["accuracy"]
    assert several == pytest.approx(math.sqrt(0.8 * 0.2 / 400), rel=0.25)
