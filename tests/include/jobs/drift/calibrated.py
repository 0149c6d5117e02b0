"""Answers of a model of known calibration, which is far too sure of itself."""

from __future__ import annotations

import numpy as np

from include.jobs.drift.calibration import Calibration
from include.jobs.evaluation.answers import Answers
from include.jobs.evaluation.calibration import fit_calibration

Array = np.ndarray


def binary(rows: int, seed: int, centre: float = 0.0, spread: float = 2.0) -> tuple[Array, Array]:
    """Return labels, and the probabilities of a model that is far too sure of itself.

    The less the score spreads, the less the model knows about the rows.
    """
    draw = np.random.default_rng(seed)
    score = centre + spread * draw.standard_normal(rows)
    labels = (draw.random(rows) < 1 / (1 + np.exp(-score))).astype(int)
    return labels, 1 / (1 + np.exp(-2.5 * score))


def fitted(rows: int = 2000, seed: int = 1) -> Calibration:
    """Return the calibration that an evaluation of such a model writes."""
    labels, given = binary(rows, seed)
    answers = Answers(given, (given >= 0.5).astype(int))
    calibration = fit_calibration(labels, answers, ["no", "yes"], 0.5)
    assert calibration
    return calibration


CALIBRATION = fitted()
