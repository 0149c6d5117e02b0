"""Measure answers by scikit-learn's metrics, with a weight for each row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sklearn import metrics

from .answers import Answers, Array
from .scores import BINARY, MULTICLASS, REGRESSION

Measured = dict[str, float]
Measure = Callable[[Array, Answers, Any], Measured]


def binary(truth: Array, answers: Answers, weights: Array | None = None) -> Measured:
    """Return the metrics of probabilities and of decisions; some need both classes."""
    chance, said = answers.values, answers.decided
    how: Any = {"sample_weight": weights}
    ranked = dict.fromkeys(("auc", "average_precision"), float("nan"))
    if _differ(truth, weights):
        ranked["auc"] = metrics.roc_auc_score(truth, chance, **how)
        ranked["average_precision"] = metrics.average_precision_score(truth, chance, **how)
    shares = metrics.precision_recall_fscore_support(
        truth, said, labels=[0, 1], zero_division=0.0, **how
    )
    (_, precision), (rejected, recall), (_, f1), _ = shares
    return ranked | {
        "log_loss": metrics.log_loss(truth, chance, labels=[0, 1], **how),
        "accuracy": metrics.accuracy_score(truth, said, **how),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "true_positive_rate": recall,
        "true_negative_rate": rejected,
        "false_positive_rate": 1 - rejected,
        "false_negative_rate": 1 - recall,
    }


def multiclass(truth: Array, answers: Answers, weights: Array | None = None) -> Measured:
    """Return the metrics of decisions; precision, recall and F1 are weighted by frequency."""
    said = answers.decided
    how: Any = {"sample_weight": weights}
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        truth, said, average="weighted", zero_division=0.0, **how
    )
    return {
        "accuracy": metrics.accuracy_score(truth, said, **how),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, said, **how),
        "weighted_precision": precision,
        "weighted_recall": recall,
        "weighted_f1": f1,
    }


def regression(truth: Array, answers: Answers, weights: Array | None = None) -> Measured:
    """Return the metrics of numbers; r2 needs labels that differ."""
    said = answers.values
    how: Any = {"sample_weight": weights}
    mse = metrics.mean_squared_error(truth, said, **how)
    differ = _differ(truth, weights)
    return {
        "mae": metrics.mean_absolute_error(truth, said, **how),
        "mse": mse,
        "rmse": metrics.root_mean_squared_error(truth, said, **how),
        "r2": metrics.r2_score(truth, said, **how) if differ else float("nan"),
    }


def _differ(truth: Array, weights: Array | None) -> bool:
    """Return whether the rows that count have more than one label."""
    counted = truth if weights is None else truth[weights > 0]
    return bool((counted != counted[0]).any())


MEASURES: dict[str, Measure] = {
    BINARY: binary,
    MULTICLASS: multiclass,
    REGRESSION: regression,
}
