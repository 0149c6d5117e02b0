"""Rank trials, and give the reason for a trial without a rank."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

from prodml.vocabulary import Direction, JobStatus, Json

STATISTICS = ("Last", "Min", "Max", "Avg", "StdDev", "Count")
# Columns of ExperimentAnalytics that are neither parameters nor metrics.
FACTS = ("TrialComponentName", "DisplayName", "SourceArn", "Trials", "Experiments")
IMAGE_PARTS = (" - MediaType", " - Value")
RESERVED = ("sagemaker_", "SageMaker.", "job", "status", "trial", "_tuning", "prodml.")
# Parameters of the component of a job that a rule stopped.
STOPPED_BY, MODEL = "prodml.stopped-by", "prodml.model"
USABLE, UNUSABLE = "usable", "unusable"


def ranked(rows: Sequence[Json], metric: str, statistic: str, direction: Direction) -> list[Json]:
    """
    Return the rows with ``rank``, ``value`` and ``reason``, best first.

    Equal values share a rank, and the next rank is skipped (1, 2, 2, 4); equal rows are ordered by
    name. A trial that failed, was stopped, lacks the metric or reports NaN or infinity comes last,
    without a rank and with the reason; one that a rule stopped has a rank if its model is usable.
    """
    column = f"{metric} - {statistic}"
    board = [_placed(row, row.get(column), metric) for row in rows]
    board.sort(key=lambda row: sort_key(row["value"], row["name"], direction))
    for place, row in enumerate(board):
        if row["value"] is None:
            break
        tied = place and row["value"] == board[place - 1]["value"]
        row["rank"] = board[place - 1]["rank"] if tied else place + 1
    return board


def sort_key(value: float | None, name: str, direction: Direction) -> tuple[bool, float, str]:
    """Return the key that sorts trials: best first, equal ones by name, no value last."""
    sign = -1.0 if direction is Direction.MAXIMIZE else 1.0
    return value is None, sign * (value or 0.0), name


def why_unranked(status: str, value: float | None, metric: str) -> str:
    """Return why a trial has no rank: it did not complete, or its value is no number; else ""."""
    if status != JobStatus.COMPLETED:
        return str(status)
    if value is None:
        return f"no {metric}"
    return "" if math.isfinite(value) else f"{metric} is {value}"


def _placed(row: Json, value: Any, metric: str) -> Json:
    is_kept = row.get(MODEL) == USABLE
    reason = why_unranked(JobStatus.COMPLETED if is_kept else row["status"], value, metric)
    if STOPPED_BY in row and not is_kept:
        reason = f"stopped by rule {row[STOPPED_BY]}"
    return {
        "rank": None,
        "name": str(row.get("DisplayName") or row["job"]),
        "trial": row["trial"],
        "job": row["job"],
        "status": row["status"],
        "value": None if reason else float(value),
        "reason": reason,
        "parameters": parameters(row),
        "metrics": metrics(row),
        "arn": row["SourceArn"],
    }


def parameters(row: Json) -> Json:
    """Return the hyperparameters, without those that the platform adds."""
    statistics = tuple(f" - {name}" for name in STATISTICS)
    return {
        key: _plain(value)
        for key, value in row.items()
        if key not in FACTS
        and not key.startswith(RESERVED)
        and not key.endswith((*statistics, *IMAGE_PARTS))
    }


def _plain(value: Any) -> Any:
    """Return quoted numbers as numbers, other values as text."""
    try:
        return float(str(value).strip('"'))
    except ValueError:
        return str(value).strip('"')


def metrics(row: Json) -> dict[str, float]:
    """Return the last value of every metric."""
    last = " - Last"
    return {key.removesuffix(last): float(v) for key, v in row.items() if key.endswith(last)}


def metric_names(rows: Sequence[Any]) -> list[str]:
    """Return the names of all metrics that trials or rows of the leaderboard report."""
    return sorted({name for row in rows for name in row["metrics"]})


def as_csv(current: Sequence[Json], earlier: Sequence[Json] = ()) -> str:
    """Return one row per trial, this run's first; parameters and metrics are columns."""
    board = [*current, *earlier]
    names = sorted({name for row in board for name in row["parameters"]})
    measured = metric_names(board)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    facts = ("rank", "name", "trial", "job", "status", "value", "reason")
    writer.writerow([*facts, *names, *measured, "run"])
    for place, row in enumerate(board):
        cells = [row["parameters"].get(n) for n in names] + [
            row["metrics"].get(n) for n in measured
        ]
        run = "this" if place < len(current) else "earlier"
        writer.writerow([*(row[fact] for fact in facts), *cells, run])
    return text.getvalue()
