"""Score predictions against labels: accuracy, AUC, errors and their kin, by problem type."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .errors import UnreadableData, quoted

Array = np.ndarray
BINARY, MULTICLASS, REGRESSION = "binary", "multiclass", "regression"
CUT = 0.5  # a probability from here on is a yes


@dataclass(frozen=True)
class Answers:
    """Predictions and labels by row; *scores* are probabilities, if there are any."""

    labels: Array
    predicted: Array
    scores: Array | None = None

    def take(self, rows: Array) -> Answers:
        scores = self.scores[rows] if self.scores is not None else None
        return Answers(self.labels[rows], self.predicted[rows], scores)


def answers(labels: list[Any], predictions: list[Any], problem: str) -> Answers:
    """Parse captured predictions; raise UnreadableData for one that is not a prediction."""
    if problem == MULTICLASS:
        return Answers(np.array(_names(labels)), np.array(_names(map(_likeliest, predictions))))
    first = [value[0] if isinstance(value, list) else value for value in predictions]
    truth, given = _numbers(labels, "label"), _numbers(first, "prediction")
    if problem == REGRESSION:
        return Answers(truth, given)
    if len(truth) and not set(np.unique(truth)) <= {0.0, 1.0}:
        seen = quoted(np.unique(truth)[:5])
        raise UnreadableData(
            f"Labels of a binary model are 0 or 1, not {seen}. Number them, or set the problem "
            "type MulticlassClassification."
        )
    return Answers(truth, (given >= CUT).astype(float), given)


def _likeliest(answer: Any) -> Any:
    """Return the class with the highest probability; a class stays unchanged."""
    if not isinstance(answer, list):
        return answer
    probabilities = _numbers(answer, "probability")
    return int(probabilities.argmax())


def _names(values: Iterable[Any]) -> list[str]:
    """Return class names, with 1, 1.0 and "1" as one class."""
    return [f"{float(v):g}" if _is_number(v) else str(v) for v in values]


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _numbers(values: list[Any], what: str) -> Array:
    try:
        return np.array([float(value) for value in values])
    except (TypeError, ValueError) as error:
        raise UnreadableData(
            f"A {what} is no number ({quoted(error)}). Set the problem type of the labels."
        ) from None


def metrics(answers: Answers, problem: str) -> dict[str, float]:
    return {BINARY: binary, MULTICLASS: multiclass, REGRESSION: regression}[problem](answers)


def binary(answers: Answers) -> dict[str, float]:
    """Return metrics of probabilities with a cut at 0.5; auc is NaN with only one class."""
    yes, predicted = answers.labels == 1, answers.predicted == 1
    hits, misses = int((yes & predicted).sum()), int((yes & ~predicted).sum())
    false, rejected = int((~yes & predicted).sum()), int((~yes & ~predicted).sum())
    precision, recall = _share(hits, hits + false), _share(hits, hits + misses)
    return {
        "accuracy": _share(hits + rejected, len(yes)),
        "precision": precision,
        "recall": recall,
        "f1": _f1(precision, recall),
        "true_positive_rate": recall,
        "true_negative_rate": _share(rejected, rejected + false),
        "false_positive_rate": _share(false, rejected + false),
        "false_negative_rate": _share(misses, hits + misses),
        "auc": _auc(yes, answers.scores if answers.scores is not None else answers.predicted),
    }


def multiclass(answers: Answers) -> dict[str, float]:
    """Return metrics; precision, recall and F1 are weighted by class frequency."""
    classes, counts = np.unique(answers.labels, return_counts=True)
    weights = counts / counts.sum()
    parts = []
    for name in classes:
        yes, predicted = answers.labels == name, answers.predicted == name
        hits = int((yes & predicted).sum())
        precision, recall = _share(hits, int(predicted.sum())), _share(hits, int(yes.sum()))
        parts.append((precision, recall, _f1(precision, recall)))
    precision, recall, f1 = (float(np.dot(weights, column)) for column in zip(*parts, strict=True))
    return {
        "accuracy": float((answers.labels == answers.predicted).mean()),
        "weighted_precision": precision,
        "weighted_recall": recall,
        "weighted_f1": f1,
    }


def regression(answers: Answers) -> dict[str, float]:
    errors = answers.predicted - answers.labels
    mse = float(np.square(errors).mean())
    spread = float(np.square(answers.labels - answers.labels.mean()).mean())
    return {
        "mae": float(np.abs(errors).mean()),
        "mse": mse,
        "rmse": float(np.sqrt(mse)),
        "r2": 1 - mse / spread if spread else float("nan"),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _auc(yes: Array, scores: Array) -> float:
    """Return the probability that a positive ranks above a negative; ties share a rank."""
    positives = int(yes.sum())
    negatives = len(yes) - positives
    if not positives or not negatives:
        return float("nan")
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    area = ranks[yes].sum() - positives * (positives + 1) / 2
    return float(area / (positives * negatives))
