"""The metrics that the container adds to XGBoost's own, by scikit-learn's definitions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import xgboost as xgb

Scores = np.ndarray


def _counts(truth: Scores, guess: Scores, label: float) -> tuple[float, float, float]:
    """Return the true positives, predicted and actual rows of one class."""
    hits = float(np.sum((guess == label) & (truth == label)))
    return hits, float(np.sum(guess == label)), float(np.sum(truth == label))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _precision(truth: Scores, guess: Scores, label: float = 1.0) -> float:
    hits, guessed, _ = _counts(truth, guess, label)
    return _ratio(hits, guessed)


def _recall(truth: Scores, guess: Scores, label: float = 1.0) -> float:
    hits, _, actual = _counts(truth, guess, label)
    return _ratio(hits, actual)


def _f1(truth: Scores, guess: Scores, label: float = 1.0) -> float:
    hits, guessed, actual = _counts(truth, guess, label)
    return _ratio(2 * hits, guessed + actual)


def _accuracy(truth: Scores, guess: Scores) -> float:
    return float(np.mean(truth == guess))


def _macro(metric: Callable[..., float]) -> Callable[[Scores, Scores], float]:
    """Return the mean over all classes that occur."""

    def mean(truth: Scores, guess: Scores) -> float:
        labels = np.union1d(truth, guess)
        return float(np.mean([metric(truth, guess, label) for label in labels]))

    return mean


def _balanced(truth: Scores, guess: Scores) -> float:
    return float(np.mean([_recall(truth, guess, label) for label in np.unique(truth)]))


def _mse(truth: Scores, guess: Scores) -> float:
    return float(np.mean((truth - guess) ** 2))


def _r2(truth: Scores, guess: Scores) -> float:
    spread = float(np.sum((truth - truth.mean()) ** 2))
    return 1 - _ratio(float(np.sum((truth - guess) ** 2)), spread)


ON_VALUES = {"mse": _mse, "r2": _r2}
ON_CLASSES: dict[str, Callable[[Scores, Scores], float]] = {
    "accuracy": _accuracy,
    "balanced_accuracy": _balanced,
    "f1": _macro(_f1),
    "f1_binary": _f1,
    "f1_macro": _macro(_f1),
    "precision": _precision,
    "precision_macro": _macro(_precision),
    "precision_micro": _accuracy,
    "recall": _recall,
    "recall_macro": _macro(_recall),
    "recall_micro": _accuracy,
}
OWN = ON_VALUES | ON_CLASSES


def evaluation(names: list[str], objective: str) -> Callable[..., list[tuple[str, float]]]:
    """Return XGBoost's custom_metric for the metrics of *names* that it does not have."""

    def measure(scores: Scores, data: xgb.DMatrix) -> list[tuple[str, float]]:
        truth = data.get_label()
        classes = _classes(scores, objective)
        return [
            (name, OWN[name](truth, scores if name in ON_VALUES else classes)) for name in names
        ]

    return measure


def _classes(scores: Scores, objective: str) -> Scores:
    if scores.ndim > 1:
        return scores.argmax(axis=1).astype(float)
    return scores if objective == "multi:softmax" else (scores > 0.5).astype(float)


def watched(parameters: dict[str, Any]) -> str | None:
    """Return the metric for early stopping: the tuned one, else the last of eval_metric."""
    tuned = parameters.get("_tuning_objective_metric", "").rpartition(":")[2]
    return tuned or next(reversed(parameters.get("eval_metric", [])), None)
