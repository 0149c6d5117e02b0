"""Compute the curves and the confusion matrix of one model, thinned for a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix, precision_recall_curve, roc_curve

from .answers import Answers, Array
from .scores import BINARY, MULTICLASS, problem_of

Json = dict[str, Any]
POINTS = 101  # of a curve
BINS = 10  # of a calibration curve, each with the same number of rows
CLASSES = 8  # of which curves are drawn: the most frequent ones


def curves(truth: Array, answers: Answers, classes: Sequence[str]) -> Json:
    """Return the ROC, precision-recall and calibration curves by class.

    Those of a binary model are of its positive class. A regression has a calibration alone: the
    mean label of rows with similar predictions.
    """
    problem = problem_of(classes)
    if problem == BINARY:
        return {classes[1]: _of_class(truth, answers.values)}
    if problem == MULTICLASS:
        if answers.chances is None:
            return {}
        counts = np.bincount(truth, minlength=len(classes))
        shown = sorted(np.argsort(-counts, kind="stable")[:CLASSES])
        return {
            classes[one]: _of_class((truth == one).astype(int), answers.chances[:, one])
            for one in shown
        }
    return {"": {"calibration": _means(truth, answers.values)}}


def matrix(truth: Array, answers: Answers, classes: Sequence[str]) -> Json:
    """Return the rows by label and by decision, nested as Model Monitor nests them."""
    counts = confusion_matrix(truth, answers.decided, labels=range(len(classes)))
    return {
        label: dict(zip(classes, map(int, row), strict=True))
        for label, row in zip(classes, counts, strict=True)
    }


def _of_class(truth: Array, chance: Array) -> Json:
    if truth.min() == truth.max():
        return {}
    wrong, right, _ = roc_curve(truth, chance)
    precision, recall, _ = precision_recall_curve(truth, chance, drop_intermediate=True)
    actual, stated = calibration_curve(truth, chance, n_bins=BINS, strategy="quantile")
    return {
        "roc": _thinned(wrong, right),
        "precision_recall": _thinned(recall[::-1], precision[::-1]),
        "calibration": _thinned(stated, actual),
    }


def _means(truth: Array, predicted: Array) -> list[list[float]]:
    """Return the mean prediction and label of each tenth of the rows, by prediction."""
    order = np.array_split(np.argsort(predicted, kind="stable"), min(BINS, len(truth)))
    return [[float(predicted[part].mean()), float(truth[part].mean())] for part in order]


def _thinned(x: Array, y: Array) -> list[list[float]]:
    """Return at most POINTS points, with both ends."""
    kept = np.unique(np.linspace(0, len(x) - 1, min(POINTS, len(x))).round().astype(int))
    return [[round(float(a), 6), round(float(b), 6)] for a, b in zip(x[kept], y[kept], strict=True)]
