"""Build evaluation.json: the registry's model metrics, and what a promotion is decided by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .answers import Answers, Array
from .bootstrap import RESAMPLES, Deviation, Deviations, Spread, interval, spread
from .curves import curves, matrix
from .measures import MEASURES, Measured
from .scores import SCORES, SECTIONS, gain, problem_of

Json = dict[str, Any]
CHALLENGER, CHAMPION = "challenger", "champion"


def evaluation(
    truth: Array, models: Mapping[str, Answers], classes: Sequence[str], confidence: float
) -> Json:
    """Return the document without thresholds and segments.

    Its first part has the form of Model Monitor's statistics.json, and describes the challenger.
    """
    problem = problem_of(classes)
    measured = {role: _known(problem, truth, answers) for role, answers in models.items()}
    spreads = spread(problem, truth, list(models.values()))
    parts = {
        role: {
            "scores": _scores(problem, measured[role], spreads.models[place], confidence),
            "curves": curves(truth, answers, classes),
            "confusion_matrix": matrix(truth, answers, classes) if classes else None,
        }
        for place, (role, answers) in enumerate(models.items())
    }
    return {
        "version": 0.0,
        "dataset": {"item_count": len(truth)},
        SECTIONS[problem]: _statistics(measured[CHALLENGER], spreads, parts[CHALLENGER], classes),
        "prodml": {
            "problem": problem,
            "classes": list(classes),
            "rows": len(truth),
            "confidence": confidence,
            "resamples": RESAMPLES,
            CHALLENGER: parts[CHALLENGER],
            CHAMPION: parts.get(CHAMPION),
            "gains": _gains(problem, measured, spreads, confidence),
        },
    }


def _known(problem: str, truth: Array, answers: Answers) -> Measured:
    """Return the metrics that the labels allow."""
    measured = MEASURES[problem](truth, answers, None)
    return {name: float(value) for name, value in measured.items() if not np.isnan(value)}


def _scores(problem: str, measured: Measured, spreads: Deviations, confidence: float) -> Json:
    return {
        score: _estimate(measured[score], spreads[score], confidence)
        for score in SCORES[problem]
        if score in measured
    }


def _gains(
    problem: str, measured: Mapping[str, Measured], spreads: Spread, confidence: float
) -> Json | None:
    """Return by score how much better the challenger is; None without a champion."""
    if CHAMPION not in measured:
        return None
    mine, theirs = measured[CHALLENGER], measured[CHAMPION]
    return {
        score: _estimate(
            gain(problem, score, mine[score], theirs[score]), spreads.gains[score], confidence
        )
        for score in SCORES[problem]
        if score in mine
    }


def _estimate(value: float, deviation: Deviation, confidence: float) -> Json:
    return {
        "value": value,
        "standard_deviation": deviation.standard,
        "interval": interval(value, deviation, confidence),
    }


def _statistics(measured: Measured, spreads: Spread, part: Json, classes: Sequence[str]) -> Json:
    """Return the section of statistics.json."""
    section: Json = {
        name: {"value": value, "standard_deviation": spreads.models[0][name].standard}
        for name, value in measured.items()
    }
    if part["confusion_matrix"] is not None:
        section["confusion_matrix"] = part["confusion_matrix"]
    if len(classes) == 2 and (drawn := part["curves"][classes[1]]):
        wrong, right = zip(*drawn["roc"], strict=True)
        recall, precision = zip(*drawn["precision_recall"], strict=True)
        section["receiver_operating_characteristic_curve"] = {
            "false_positive_rates": list(wrong),
            "true_positive_rates": list(right),
        }
        section["precision_recall_curve"] = {
            "precisions": list(precision),
            "recalls": list(recall),
        }
    return section
