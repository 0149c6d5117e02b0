"""Read from the report of a check the figures that the history of its endpoint keeps."""

from __future__ import annotations

from prodml.aws.s3 import read_json
from prodml.vocabulary import Json

from include.jobs.drift.documents import whole
from include.pipelines.adapters.aws import client
from include.pipelines.contracts.drift import EstimatedScore, Figures

NONE: Figures = {
    "distances": {},
    "thresholds": {},
    "joint": None,
    "joint_thresholds": None,
    "estimated": None,
    "estimate": None,
}


def figures_of(report: str | None) -> Figures:
    """Return the figures of the report below the prefix *report*; empty ones without a report."""
    if not report:
        return NONE
    document = read_json(client("s3"), f"{report}drift_report.json")
    rows = [*document["features"], *document["predictions"]]
    joint, estimated = whole(document)
    return {
        "distances": {row["name"]: row["distance"] for row in rows},
        "thresholds": {row["name"]: _thresholds(row) for row in rows},
        "joint": joint,
        "joint_thresholds": None if joint is None else _thresholds(document["joint"]),
        "estimated": estimated,
        "estimate": None if estimated is None else _estimate(document["estimated"]),
    }


def _thresholds(row: Json) -> tuple[float, float]:
    return row["warn_threshold"], row["alert_threshold"]


def _estimate(estimated: Json) -> EstimatedScore:
    score = estimated["scores"][estimated["score"]]
    return {
        "score": estimated["score"],
        "status": estimated["status"],
        "expected": score["expected"],
        "warn": score["warn_from"],
        "alert": score["alert_from"],
    }
