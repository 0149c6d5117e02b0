"""Compare the measures with scikit-learn's, with weights, ties and classes without rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from include.jobs.evaluation.answers import Answers
from include.jobs.evaluation.measures import Measured, binary, multiclass, regression

ROWS = 300
DRAW = np.random.default_rng(7)
WEIGHTS = [None, DRAW.multinomial(ROWS, np.full(ROWS, 1 / ROWS)).astype(float)]


def weighted(weights: Any) -> str:
    return "resampled" if weights is not None else "all-rows"


def decisions(truth: Any, said: Any, weights: Any, average: str) -> tuple[float, float, float]:
    return metrics.precision_recall_fscore_support(  # type: ignore[no-any-return]
        truth, said, average=average, zero_division=0.0, sample_weight=weights
    )[:3]


def same(measured: Measured, wanted: Measured) -> None:
    assert measured == pytest.approx(measured | wanted, abs=1e-12)


@pytest.mark.parametrize("weights", WEIGHTS, ids=weighted)
@pytest.mark.parametrize("threshold", [0.4, 2.0])  # the last one decides for no row
def test_a_binary_model_is_measured_as_scikit_learn_measures_it(
    weights: Any, threshold: float
) -> None:
    truth = (DRAW.random(ROWS) < 0.2).astype(int)
    chance = np.clip(0.3 * truth + 0.7 * DRAW.random(ROWS), 0, 1).round(1)  # many are equal
    chance[:2] = 0.0, 1.0
    answers = Answers(chance, chance).cut_at(threshold)
    measured = binary(truth, answers, weights)
    precision, recall, f1 = decisions(truth, answers.decided, weights, "binary")
    given = {"sample_weight": weights}
    wanted = {
        "auc": metrics.roc_auc_score(truth, chance, **given),
        "average_precision": metrics.average_precision_score(truth, chance, **given),
        "log_loss": metrics.log_loss(truth, chance, labels=[0, 1], **given),
        "accuracy": metrics.accuracy_score(truth, answers.decided, **given),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "true_negative_rate": metrics.recall_score(truth, answers.decided, pos_label=0, **given),
    }
    same(measured, wanted)
    assert measured["false_positive_rate"] == 1 - measured["true_negative_rate"]


def test_one_class_has_no_ranking() -> None:
    chance = np.array([0.2, 0.7])
    measured = binary(np.zeros(2, int), Answers(chance, chance).cut_at(0.5), None)
    assert np.isnan([measured["auc"], measured["average_precision"]]).all()
    assert (measured["accuracy"], measured["recall"], measured["precision"]) == (0.5, 0, 0)


@pytest.mark.parametrize("weights", WEIGHTS, ids=weighted)
@pytest.mark.filterwarnings("ignore:y_pred contains classes not in y_true")
def test_a_multiclass_model_is_measured_as_scikit_learn_measures_it(weights: Any) -> None:
    truth = DRAW.choice([0, 1, 3], ROWS)  # no row has class 2, and class 4 is never decided for
    truth[:3] = 4
    said = np.where(DRAW.random(ROWS) < 0.6, np.minimum(truth, 3), DRAW.integers(0, 4, ROWS))
    measured = multiclass(truth, Answers(said, said), weights)
    precision, recall, f1 = decisions(truth, said, weights, "weighted")
    given = {"sample_weight": weights}
    wanted = {
        "accuracy": metrics.accuracy_score(truth, said, **given),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, said, **given),
        "weighted_precision": precision,
        "weighted_recall": recall,
        "weighted_f1": f1,
    }
    same(measured, wanted)


@pytest.mark.parametrize("weights", WEIGHTS, ids=weighted)
def test_a_regression_is_measured_as_scikit_learn_measures_it(weights: Any) -> None:
    truth = DRAW.normal(size=ROWS)
    said = truth + DRAW.normal(size=ROWS)
    given = {"sample_weight": weights}
    wanted = {
        "mae": metrics.mean_absolute_error(truth, said, **given),
        "mse": metrics.mean_squared_error(truth, said, **given),
        "rmse": metrics.root_mean_squared_error(truth, said, **given),
        "r2": metrics.r2_score(truth, said, **given),
    }
    same(regression(truth, Answers(said, said), weights), wanted)


def test_equal_labels_have_no_r2() -> None:
    measured = regression(np.ones(3), Answers(np.arange(3.0), np.arange(3.0)), None)
    assert np.isnan(measured["r2"])
    assert measured["mae"] == pytest.approx(2 / 3)
