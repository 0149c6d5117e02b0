"""Measure answers, with a weight for each row: the numbers of scikit-learn's metrics.

A bootstrap measures some hundred times. scikit-learn checks the arguments and sorts the classes of
each metric anew, which takes most of an evaluation's time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .answers import Answers, Array
from .scores import BINARY, MULTICLASS, REGRESSION

Measured = dict[str, float]
Measure = Callable[[Array, Answers, Any], Measured]


def binary(truth: Array, answers: Answers, weights: Array | None = None) -> Measured:
    """Return the metrics of probabilities and of decisions; some need both classes."""
    weights = _weights(truth, weights)
    counts = _confusion(truth, answers.decided, weights, 2)
    (true_negatives, false_positives), (false_negatives, true_positives) = counts
    recall = _share(true_positives, true_positives + false_negatives)
    rejected = _share(true_negatives, true_negatives + false_positives)
    auc, average_precision = _ranking(truth, answers.values, weights)
    return {
        "auc": auc,
        "average_precision": average_precision,
        "log_loss": _log_loss(truth, answers.values, weights),
        "accuracy": float((true_negatives + true_positives) / counts.sum()),
        "precision": _share(true_positives, true_positives + false_positives),
        "recall": recall,
        "f1": _share(2 * true_positives, 2 * true_positives + false_positives + false_negatives),
        "true_positive_rate": recall,
        "true_negative_rate": rejected,
        "false_positive_rate": 1 - rejected,
        "false_negative_rate": 1 - recall,
    }


def multiclass(truth: Array, answers: Answers, weights: Array | None = None) -> Measured:
    """Return the metrics of decisions; precision, recall and F1 are weighted by frequency."""
    said = answers.decided
    classes = int(max(truth.max(), said.max())) + 1
    counts = _confusion(truth, said, _weights(truth, weights), classes)
    labelled, decided, right = counts.sum(axis=1), counts.sum(axis=0), counts.diagonal()
    frequency, recall = labelled / labelled.sum(), _shares(right, labelled)
    return {
        "accuracy": float(right.sum() / labelled.sum()),
        "balanced_accuracy": float(recall[labelled > 0].mean()),
        "weighted_precision": float(frequency @ _shares(right, decided)),
        "weighted_recall": float(frequency @ recall),
        "weighted_f1": float(frequency @ _shares(2 * right, labelled + decided)),
    }


def regression(truth: Array, answers: Answers, weights: Array | None = None) -> Measured:
    """Return the metrics of numbers; r2 needs labels that differ."""
    weights = _weights(truth, weights)
    errors = answers.values - truth
    mse = float(np.average(errors**2, weights=weights))
    variance = np.average((truth - np.average(truth, weights=weights)) ** 2, weights=weights)
    counted = truth[weights > 0]
    differ = bool((counted != counted[0]).any())
    return {
        "mae": float(np.average(np.abs(errors), weights=weights)),
        "mse": mse,
        "rmse": mse**0.5,
        "r2": float(1 - mse / variance) if differ else float("nan"),
    }


def _weights(truth: Array, weights: Array | None) -> Array:
    return np.ones(len(truth)) if weights is None else weights


def _confusion(truth: Array, said: Array, weights: Array, classes: int) -> Array:
    """Return the weight of the rows by label, and by decision."""
    cells = truth.astype(int) * classes + said.astype(int)
    return np.bincount(cells, weights, classes**2).reshape(classes, classes)


def _ranking(truth: Array, chance: Array, weights: Array) -> tuple[float, float]:
    """Return the areas below the ROC curve and, by steps, the precision-recall curve."""
    order = np.argsort(-chance)
    positive = weights[order] * truth[order]
    ends = np.flatnonzero(np.diff(chance[order], append=-1.0))  # of rows with one probability
    right = np.cumsum(positive)[ends]
    wrong = np.cumsum(weights[order] - positive)[ends]
    if not right[-1] or not wrong[-1]:
        return float("nan"), float("nan")
    gained = np.diff(right, prepend=0.0)
    area = np.diff(wrong, prepend=0.0) @ (right - gained / 2)
    return float(area / (right[-1] * wrong[-1])), float(
        gained @ _shares(right, right + wrong) / right[-1]
    )


def _log_loss(truth: Array, chance: Array, weights: Array) -> float:
    least = np.finfo(float).eps
    said = np.where(truth == 1, chance, 1 - chance)
    return -float(np.average(np.log(np.clip(said, least, 1 - least)), weights=weights))


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _shares(parts: Array, wholes: Array) -> Array:
    return np.divide(parts, wholes, out=np.zeros(len(parts)), where=wholes > 0)


MEASURES: dict[str, Measure] = {
    BINARY: binary,
    MULTICLASS: multiclass,
    REGRESSION: regression,
}
