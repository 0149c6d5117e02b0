"""Figures of a window, read from the report of its check."""

from __future__ import annotations

from typing import Any

from include.pipelines.adapters.aws import write_json
from include.pipelines.drift.figures import NONE, figures_of
from include.settings import settings

LIMITS = {"warn_threshold": 0.03, "alert_threshold": 0.08}
AUC = {"value": 0.8, "expected": 0.9, "warn_from": 0.88, "alert_from": 0.85}


def reported(endpoint: str, **parts: Any) -> str:
    """Write the report of a check; return its prefix."""
    report = settings().uri("figures", endpoint) + "/"
    empty: dict[str, Any] = {"features": [], "predictions": []}
    write_json(f"{report}drift_report.json", empty | parts)
    return report


def test_a_window_without_a_report_has_no_figures() -> None:
    assert figures_of(None) == NONE


def test_each_column_and_the_prediction_have_a_distance_and_their_own_limits(
    endpoint: str,
) -> None:
    minutes = {"name": "minutes", "distance": 0.3, "warn_threshold": 0.1, "alert_threshold": 0.2}
    answer = {"name": "prediction", "distance": 0.01} | LIMITS
    figures = figures_of(reported(endpoint, features=[minutes], predictions=[answer]))
    assert figures["distances"] == {"minutes": 0.3, "prediction": 0.01}
    assert figures["thresholds"] == {"minutes": (0.1, 0.2), "prediction": (0.03, 0.08)}
    assert (figures["joint"], figures["estimate"]) == (None, None)


def test_the_window_as_a_whole_has_its_distance_and_the_score_that_decides(endpoint: str) -> None:
    joint = {"status": "ALERT", "distance": 0.2} | LIMITS
    scores = {"auc": AUC, "f1": {**AUC, "value": 0.1}}
    estimated = {"status": "ALERT", "score": "auc", "scores": scores}
    figures = figures_of(reported(endpoint, joint=joint, estimated=estimated))
    assert (figures["joint"], figures["joint_thresholds"]) == (0.2, (0.03, 0.08))
    assert figures["estimated"] == 0.8
    assert figures["estimate"] == {
        "score": "auc",
        "status": "ALERT",
        "expected": 0.9,
        "warn": 0.88,
        "alert": 0.85,
    }


def test_a_comparison_that_had_too_few_rows_has_no_figure(endpoint: str) -> None:
    joint = {"status": None, "distance": 0.0, "reason": "few rows"} | LIMITS
    estimated: dict[str, Any] = {"status": None, "score": "auc", "scores": {}}
    figures = figures_of(reported(endpoint, joint=joint, estimated=estimated))
    assert figures == NONE
