"""Name the scores by which a model replaces another one, and their directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

BINARY, MULTICLASS, REGRESSION = "binary", "multiclass", "regression"
SECTIONS = {  # of statistics.json, as Model Monitor names them
    BINARY: "binary_classification_metrics",
    MULTICLASS: "multiclass_classification_metrics",
    REGRESSION: "regression_metrics",
}
# By problem and score: whether a higher value is better.
SCORES: dict[str, dict[str, bool]] = {
    BINARY: {
        "auc": True,
        "average_precision": True,
        "log_loss": False,
        "accuracy": True,
        "precision": True,
        "recall": True,
        "f1": True,
    },
    MULTICLASS: {"accuracy": True, "balanced_accuracy": True, "weighted_f1": True},
    REGRESSION: {"rmse": False, "mae": False, "r2": True},
}


class Costs(NamedTuple):
    """The costs of a binary model's two errors, in any unit: only their ratio decides."""

    false_positive: float
    false_negative: float


def problem_of(classes: Sequence[str]) -> str:
    """Return the problem of a model with these *classes*; a regression has none."""
    if not classes:
        return REGRESSION
    return BINARY if len(classes) == 2 else MULTICLASS


def gain(problem: str, score: str, challenger: float, champion: float) -> float:
    """Return by how much the challenger is better; negative if it is worse."""
    difference = challenger - champion
    return difference if SCORES[problem][score] else -difference
