"""Scores from probabilities instead of labels: each row counts for every class by its chance.

With labels as chances of 0 and 1 they are the scores that scikit-learn measures.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .calibration import LEAST

DRAWS = 100
SEED = 7

Array = np.ndarray
Scores = dict[str, float]
NONE = float("nan")


def binary(chances: Array, given: Array, decided: Array, weights: Array) -> Scores:
    """
    Return the scores of a binary model.

    :param chances: By row, the chance that its label is positive.
    :param given: What the model has answered.
    :param decided: Whether the model decides for the positive class.
    :param weights: How often each row counts.
    """
    yes, no = weights * chances, weights * (1 - chances)
    rows, positives, negatives = weights.sum(), yes.sum(), no.sum()
    hits, false = yes[decided].sum(), no[decided].sum()
    inside = np.clip(given, np.finfo(float).eps, 1 - np.finfo(float).eps)
    loss = -(yes * np.log(inside) + no * np.log(1 - inside)).sum()
    return {
        **_ranked(given, yes, no),
        "log_loss": float(loss / rows),
        "accuracy": float((hits + negatives - false) / rows),
        "precision": _share(hits, hits + false),
        "recall": _share(hits, positives),
        "f1": _share(2 * hits, hits + false + positives),
    }


def _ranked(given: Array, yes: Array, no: Array) -> Scores:
    """Return the scores of the order of the rows; equal answers share a rank."""
    if not yes.sum() or not no.sum():
        return {"auc": NONE, "average_precision": NONE}
    order = np.argsort(-given, kind="stable")
    ends = np.append(np.nonzero(np.diff(given[order]))[0], len(given) - 1)
    hits, false = (np.cumsum(part[order])[ends] for part in (yes, no))
    before = np.concatenate([[0.0], hits[:-1]])
    steps = np.diff(false, prepend=0.0)
    auc = float((steps * (before + hits)).sum() / (2 * hits[-1] * false[-1]))
    precision = hits / np.maximum(hits + false, LEAST)
    average = float((np.diff(hits, prepend=0.0) * precision).sum() / hits[-1])
    return {"auc": auc, "average_precision": average}


def multiclass(chances: Array, given: Array, decided: Array, weights: Array) -> Scores:
    """Return the scores of a model of several classes; *decided* are their numbers."""
    classes = chances.shape[1]
    table = np.zeros((classes, classes))
    for place in range(classes):
        rows = decided == place
        table[:, place] = (weights[rows, None] * chances[rows]).sum(axis=0)
    support, predicted, hits = table.sum(axis=1), table.sum(axis=0), np.diag(table)
    there = support > 0
    recalls = hits[there] / support[there]
    f1 = 2 * hits[there] / (support + predicted)[there]
    return {
        "accuracy": float(hits.sum() / table.sum()),
        "balanced_accuracy": float(recalls.mean()),
        "weighted_f1": float((support[there] * f1).sum() / support.sum()),
    }


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def scores_of(chances: Array, given: Array, decided: Array) -> Scores:
    """Return the scores that are expected of rows with these chances."""
    return _measure(chances)(chances, given, decided, np.ones(len(given)))


def deviations(chances: Array, given: Array, decided: Array) -> Scores:
    """Return the standard deviation of each score, by drawing rows and their labels."""
    draw, measure = np.random.default_rng(SEED), _measure(chances)
    drawn = [
        measure(_labels(chances, draw), given, decided, draw.poisson(1.0, len(given)).astype(float))
        for _ in range(DRAWS)
    ]
    names = drawn[0]
    return {name: float(np.nanstd([scores[name] for scores in drawn])) for name in names}


def _measure(chances: Array) -> Callable[[Array, Array, Array, Array], Scores]:
    return binary if chances.ndim == 1 else multiclass


def _labels(chances: Array, draw: np.random.Generator) -> Array:
    """Return a label for each row, drawn by its chances, as chances of 0 and 1."""
    if chances.ndim == 1:
        return np.asarray(draw.random(len(chances)) < chances, float)
    ends = np.cumsum(chances, axis=1)
    places = (draw.random((len(chances), 1)) * ends[:, -1:] >= ends).sum(axis=1)
    return np.asarray(np.eye(chances.shape[1])[np.minimum(places, chances.shape[1] - 1)])
