"""Fit the calibration that estimates a model's scores later, when labels are still unknown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold

from ..drift.calibration import (
    ISOTONIC,
    LEAST,
    NONE,
    SIGMOID,
    Calibration,
    Curve,
    Expected,
    log_odds,
)
from ..drift.expected_scores import deviations, scores_of
from .answers import Answers, Array
from .scores import SCORES, problem_of

FOLDS = 5
FEWEST = 50  # rows of the holdout, and FEW of each class, below which no calibration is fitted
FEW = 10
SEED = 7


def fit_calibration(
    truth: Array, answers: Answers, classes: Sequence[str], threshold: float
) -> Calibration | None:
    """Return the calibration of a model's answers to its holdout.

    None of a regression, of a model that states no probabilities, and of too few rows.
    """
    chances = answers.values if len(classes) == 2 else answers.chances
    counts = np.bincount(truth, minlength=len(classes)) if classes else np.empty(0)
    if not classes or chances is None or len(truth) < FEWEST or counts.min() < FEW:
        return None
    columns = [(chances, truth == 1)]
    if len(classes) > 2:
        columns = [(chances[:, place], truth == place) for place in range(len(classes))]
    curves = tuple(_curve(given, hits.astype(float)) for given, hits in columns)
    fitted = Calibration(tuple(classes), curves, threshold, len(truth), {})
    return Calibration(
        fitted.classes, curves, threshold, len(truth), _scores(fitted, truth, answers, chances)
    )


def _scores(
    fitted: Calibration, truth: Array, answers: Answers, chances: Array
) -> dict[str, Expected]:
    """Return the holdout's scores by its labels, and as an estimate has them."""
    decided = answers.decided.astype(bool) if fitted.binary else answers.decided
    labels = truth.astype(float) if fitted.binary else np.eye(len(fitted.classes))[truth]
    corrected = fitted.apply(chances)
    measured, estimated = (scores_of(rows, chances, decided) for rows in (labels, corrected))
    noise = deviations(corrected, chances, decided)
    return {
        name: Expected(measured[name], estimated[name], noise[name])
        for name in SCORES[problem_of(fitted.classes)]
    }


def _curve(chances: Array, hits: Array) -> Curve:
    """Return the curve whose probabilities fit the rows best that it has not seen.

    Of two that are as good, the simpler one.
    """
    methods: dict[str, Callable[[Array, Array], Curve]] = {
        NONE: lambda *_: Curve(),
        SIGMOID: _sigmoid,
        ISOTONIC: _isotonic,
    }
    losses = {name: _loss(fit, chances, hits) for name, fit in methods.items()}
    return methods[min(losses, key=losses.__getitem__)](chances, hits)


def _loss(fit: Callable[[Array, Array], Curve], chances: Array, hits: Array) -> float:
    corrected = np.empty(len(chances))
    for inside, outside in KFold(FOLDS, shuffle=True, random_state=SEED).split(chances):
        if len(np.unique(hits[inside])) < 2:
            return float("inf")
        corrected[outside] = fit(chances[inside], hits[inside]).apply(chances[outside])
    return float(log_loss(hits, np.clip(corrected, LEAST, 1 - LEAST), labels=[0, 1]))


def _sigmoid(chances: Array, hits: Array) -> Curve:
    model: Any = LogisticRegression(C=1e6).fit(log_odds(chances)[:, None], hits)
    return Curve(SIGMOID, (float(model.coef_[0, 0]),), (float(model.intercept_[0]),))


def _isotonic(chances: Array, hits: Array) -> Curve:
    model: Any = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(chances, hits)
    return Curve(ISOTONIC, model.X_thresholds_.tolist(), model.y_thresholds_.tolist())
