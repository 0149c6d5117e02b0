"""Estimate a model's scores in a window without its labels, by calibrated probabilities (CBPE).

If the model says 0.8 and was right in eight of ten such rows of its holdout, then two of ten are
expected to be wrong, whatever the label turns out to be. So an estimate sees that a window has more
of the rows about which the model is unsure. It does not see that the answer to the same row has
changed: only labels show that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from .answers import CHANCES, PREDICTION
from .calibration import Calibration, Expected
from .documents import Json
from .expected_scores import deviations, scores_of
from .findings import ENOUGH, Status
from .joint import Limits
from .row_features import numbers_of
from .samples import Sample

LIMITS = Limits(0.02, 0.05)  # points by which the score is worse; of a loss, shares of it
CERTAIN = 3.0  # standard deviations by which it is worse at least
ANSWERS = 10_000  # that are kept of a window
LOSSES = ("log_loss",)  # lower is better
SEES = (
    "It sees rows that the model is unsure about, and not that the right answer to the same row "
    "has changed: only labels show that."
)

Array = np.ndarray


class Estimate(NamedTuple):
    """One score: estimated in the window, and expected by the holdout."""

    value: float
    deviation: float
    expected: Expected
    limits: Limits

    def bounds(self, loss: bool) -> tuple[float, float]:
        """Return from where on the score warns and alerts."""
        was = self.expected.estimated
        noise = CERTAIN * float(np.hypot(self.deviation, self.expected.standard_deviation))
        scale = was if loss else 1.0
        steps = [max(limit * scale, noise) for limit in self.limits]
        return (was + steps[0], was + steps[1]) if loss else (was - steps[0], was - steps[1])

    def status(self, loss: bool) -> Status:
        sign = -1 if loss else 1
        levels = [sign * self.value < sign * bound for bound in self.bounds(loss)]
        return Status(sum(levels))


@dataclass
class Estimated:
    """The estimated scores, of which *score* decides; a *reason* says why there are no scores."""

    score: str | None = None
    reason: str | None = None
    rows: int = 0
    values: dict[str, Estimate] = field(default_factory=dict)

    @property
    def status(self) -> Status:
        if self.score not in self.values:
            return Status.OK
        return self.values[self.score].status(self.score in LOSSES)

    def to_json(self) -> Json:
        return {
            "status": self.status.name if self.values else None,
            "reason": self.reason,
            "score": self.score,
            "rows": self.rows,
            "scores": {name: _to_json(name, one) for name, one in self.values.items()},
        }


def _to_json(name: str, one: Estimate) -> Json:
    warn, alert = one.bounds(name in LOSSES)
    return {
        "value": round(one.value, 4),
        "standard_deviation": round(one.deviation, 4),
        "expected": round(one.expected.estimated, 4),
        "measured_on_holdout": round(one.expected.measured, 4),
        "warn_from": round(warn, 4),
        "alert_from": round(alert, 4),
    }


def wanted(rows: pa.RecordBatch, one_column: pa.RecordBatch) -> pa.RecordBatch:
    """Return the columns of answers that an estimate needs: probabilities, where they are named."""
    named = [name for name in rows.schema.names if name.startswith(CHANCES)]
    return rows.select(named) if named else one_column


def estimate(
    answers: Sample,
    calibration: Calibration | None,
    score: str | None = None,
    limits: Limits = LIMITS,
) -> Estimated | None:
    """Estimate the scores of a window by its answers; None for a model without a calibration."""
    if calibration is None:
        return None
    result = Estimated(_deciding(calibration, score))
    given = _given(answers, calibration)
    if given is None:
        result.reason = "The captured answers state no probabilities: no score can be estimated."
        return result
    result.rows = len(given)
    if len(given) < ENOUGH:
        result.reason = f"There are {len(given)} answers, fewer than {ENOUGH}, for an estimate."
        return result
    decided = decisions(given, calibration)
    chances = calibration.apply(given)
    values, noise = scores_of(chances, given, decided), deviations(chances, given, decided)
    result.values = {
        name: Estimate(values[name], noise[name], expected, limits)
        for name, expected in calibration.scores.items()
        if np.isfinite(values.get(name, np.nan))
    }
    return result


def _deciding(calibration: Calibration, score: str | None) -> str:
    known = calibration.scores
    return score if score and score in known else next(iter(known))


def decisions(given: Array, calibration: Calibration) -> Array:
    """Return what the model decides for, by what it has answered."""
    if calibration.binary:
        return np.asarray(given >= calibration.threshold)
    return np.asarray(given.argmax(axis=1))


def _given(answers: Sample, calibration: Calibration) -> Array | None:
    """Return probabilities by row: of the positive class, or of each class in its order."""
    names = _names(answers, calibration)
    if names is None:
        return None
    table = np.column_stack([numbers_of(answers.cells(name)) for name in names])
    table = table[np.isfinite(table).all(axis=1)]
    if not len(table) or table.min() < 0 or table.max() > 1:
        return None
    return np.asarray(table[:, 0] if calibration.binary else table)


def _names(answers: Sample, calibration: Calibration) -> list[str] | None:
    there = set(answers.names)
    if calibration.binary:
        options = [[PREDICTION], [f"{CHANCES}{calibration.classes[1]}"], [f"{PREDICTION}_1"]]
    else:
        options = [
            [f"{CHANCES}{name}" for name in calibration.classes],
            [f"{PREDICTION}_{place}" for place in range(len(calibration.classes))],
        ]
    return next((names for names in options if there.issuperset(names)), None)


def alerting(estimated: Estimated | None) -> list[str]:
    """Return what an alert names: the score that decides."""
    if estimated is None or estimated.status != Status.ALERT:
        return []
    return [f"estimated {estimated.score}"]
