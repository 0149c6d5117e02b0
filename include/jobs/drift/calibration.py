"""The calibration of a model's probabilities, which its evaluation has fitted on the holdout.

It says how often a class was right where the model gave it a probability, and what the scores of
the holdout were, measured by labels and estimated without them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .documents import CALIBRATION, Json
from .errors import UnreadableData

NONE, SIGMOID, ISOTONIC = "none", "sigmoid", "isotonic"
LEAST = 1e-6  # that a probability is at least, and at most below 1

Array = np.ndarray


class Curve(NamedTuple):
    """The correction of one class's probabilities; *first* and *second* depend on the method.

    Of `sigmoid` they are slope and intercept of the log odds; of `isotonic`, the points of a line.
    """

    method: str = NONE
    first: Sequence[float] = ()
    second: Sequence[float] = ()

    def apply(self, chances: Array) -> Array:
        """Return corrected probabilities."""
        if self.method == ISOTONIC:
            return np.asarray(np.interp(chances, self.first, self.second))
        if self.method == SIGMOID:
            odds = self.first[0] * log_odds(chances) + self.second[0]
            return np.asarray(1 / (1 + np.exp(-odds)))
        return chances


class Expected(NamedTuple):
    """A score of the holdout: by its labels, by the estimate, and that estimate's deviation."""

    measured: float
    estimated: float
    standard_deviation: float


@dataclass(frozen=True)
class Calibration:
    """The curves of a binary model's positive class, or of each class, with the holdout's scores.

    :param classes: Their names, in the order of their numbers.
    :param threshold: From which probability on a binary model decides for the positive class.
    """

    classes: tuple[str, ...]
    curves: tuple[Curve, ...]
    threshold: float
    rows: int
    scores: Mapping[str, Expected]

    @property
    def binary(self) -> bool:
        return len(self.classes) == 2

    def apply(self, chances: Array) -> Array:
        """Return the corrected probabilities of rows: of the positive class, or of each class."""
        if self.binary:
            return self.curves[0].apply(chances)
        corrected = [curve.apply(chances[:, place]) for place, curve in enumerate(self.curves)]
        table = np.maximum(np.column_stack(corrected), LEAST)
        return np.asarray(table / table.sum(axis=1, keepdims=True))

    def to_json(self) -> Json:
        return {
            "version": 0,
            "classes": list(self.classes),
            "threshold": self.threshold,
            "rows": self.rows,
            "curves": [
                {"method": c.method, "first": list(c.first), "second": list(c.second)}
                for c in self.curves
            ],
            "scores": {name: score._asdict() for name, score in self.scores.items()},
        }

    @classmethod
    def from_json(cls, document: Json) -> Calibration:
        return cls(
            tuple(document["classes"]),
            tuple(Curve(**curve) for curve in document["curves"]),
            float(document["threshold"]),
            int(document["rows"]),
            {name: Expected(**score) for name, score in document["scores"].items()},
        )


def read_calibration(path: Path) -> Calibration | None:
    """Return the calibration in a file or folder; None of a folder without one."""
    file = path / CALIBRATION if path.is_dir() else path
    if path.is_dir() and not file.is_file():
        return None
    try:
        return Calibration.from_json(json.loads(file.read_text()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableData(
            f"{file} is no calibration ({type(error).__name__}). Evaluate the model again."
        ) from None


def log_odds(chances: Array) -> Array:
    """Return the logarithm of the odds of probabilities, which are kept away from 0 and 1."""
    inside = np.clip(chances, LEAST, 1 - LEAST)
    return np.asarray(np.log(inside / (1 - inside)))
