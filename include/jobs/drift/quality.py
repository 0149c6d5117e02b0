"""Measure model quality once the labels have arrived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .documents import Json
from .findings import ENOUGH, Status
from .scores import BINARY, MULTICLASS, REGRESSION, Answers, metrics

SECTIONS = {  # by Model Monitor's problem_type, and by our shorter word for it
    BINARY: "binary_classification",
    MULTICLASS: "multiclass_classification",
    REGRESSION: "regression",
}
UNJUDGED = "INSUFFICIENT_DATA"  # measured, and nothing to hold it against
RESAMPLES = 30
CERTAIN = 3.0  # standard deviations that a metric must have fallen by
POINTS = (0.02, 0.05)  # of a metric from 0 to 1: worth a warning, worth an alert
SHARES = (0.10, 0.25)  # of an error: how much larger


def measure(answers: Answers, problem: str) -> Json:
    """Return every metric with the standard deviation of its resamples."""
    values = metrics(answers, problem)
    draw = np.random.default_rng(7)
    rows = len(answers.labels)
    again = [
        metrics(answers.take(draw.integers(rows, size=rows)), problem) for _ in range(RESAMPLES)
    ]
    spread = {name: float(np.nanstd([one[name] for one in again])) for name in values}
    return {
        name: {"value": value, "standard_deviation": spread[name]}
        for name, value in values.items()
        if not np.isnan(value)
    }


def matrix(answers: Answers) -> Json:
    """Return confusion_matrix nested as in Model Monitor: by label, then by prediction."""
    names = np.unique(np.concatenate([answers.labels, answers.predicted]))
    return {
        str(label): {
            str(predicted): int(
                ((answers.labels == label) & (answers.predicted == predicted)).sum()
            )
            for predicted in names
        }
        for label in names
    }


def worse(name: str, was: float, now: float) -> float:
    """Return the loss: points of a metric, or the relative growth of an error."""
    if lower_is_better(name):
        return now / was - 1 if name in ("mae", "mse", "rmse") and was else now - was
    return was - now


def lower_is_better(name: str) -> bool:
    return name in ("mae", "mse", "rmse", "false_positive_rate", "false_negative_rate")


def compare(was: Mapping[str, Any], now: Mapping[str, Any], rows: int) -> Json:
    """Compare the metrics: a difference counts if it exceeds what resampling explains."""
    compared = {name: _compared(name, was[name], now[name]) for name in now if name in was}
    if rows < ENOUGH:
        return {"status": "INSUFFICIENT_DATA", "rows": rows, "metrics": compared}
    worst = max((Status[one["status"]] for one in compared.values()), default=Status.OK)
    return {"status": worst.name, "rows": rows, "metrics": compared}


def report(document: Json, baseline: Json | None, problem: str) -> Json:
    """Return the outcome, with alerting metrics under `columns`, as in drift reports."""
    section, rows = f"{SECTIONS[problem]}_metrics", document["dataset"]["item_count"]
    now = {n: m for n, m in document[section].items() if "value" in m}
    was = baseline[section] if baseline else {}
    verdict: Json = compare(was, now, rows) if was else {"status": UNJUDGED, "metrics": now}
    firm = verdict["status"] == Status.ALERT.name
    alerts = [n for n, m in verdict["metrics"].items() if firm and m["status"] == Status.ALERT.name]
    return {
        "outcome": verdict["status"],
        "rows": rows,
        "columns": alerts,
        "metrics": verdict["metrics"],
        "baseline_rows": baseline["dataset"]["item_count"] if baseline else None,
        "reason": None if baseline else "No holdout to compare with.",
    }


def _compared(name: str, was: Json, now: Json) -> Json:
    change = worse(name, was["value"], now["value"])
    limits = SHARES if name in ("mae", "mse", "rmse") else POINTS
    noise = float(np.hypot(_spread(was), _spread(now)))
    certain = abs(now["value"] - was["value"]) > CERTAIN * noise
    level = sum(change > limit for limit in limits) if certain else 0
    return {
        "value": now["value"],
        "baseline": was["value"],
        "standard_deviation": _spread(now),
        "status": Status(level).name,
    }


def _spread(metric: Json) -> float:
    deviation = metric.get("standard_deviation")
    return float(deviation) if isinstance(deviation, int | float) else 0.0


def statistics(answers: Answers, problem: str) -> Json:
    """Return Model Monitor's statistics.json of model quality."""
    measured: Json = dict(measure(answers, problem))
    if problem != REGRESSION:
        measured["confusion_matrix"] = matrix(answers)
    return {
        "version": 0.0,
        "dataset": {"item_count": len(answers.labels)},
        f"{SECTIONS[problem]}_metrics": measured,
    }


def constraints(document: Json, problem: str) -> Json:
    """Return Model Monitor's constraints.json: a worse metric is a violation."""
    measured = document[f"{SECTIONS[problem]}_metrics"]
    values = {name: one for name, one in measured.items() if "value" in one}
    return {
        "version": 0.0,
        f"{SECTIONS[problem]}_constraints": {
            name: {"threshold": one["value"], "comparison_operator": _operator(name)}
            for name, one in values.items()
        },
    }


def _operator(name: str) -> str:
    return f"{'GreaterThan' if lower_is_better(name) else 'LessThan'}Threshold"


def violations(document: Json, limits: Json, problem: str) -> Json:
    """Return Model Monitor's constraint_violations.json of model quality."""
    measured = document[f"{SECTIONS[problem]}_metrics"]
    allowed = limits[f"{SECTIONS[problem]}_constraints"]
    checks: dict[str, Callable[[float, float], bool]] = {
        "LessThanThreshold": lambda value, threshold: value < threshold,
        "GreaterThanThreshold": lambda value, threshold: value > threshold,
    }
    violated = []
    for name, limit in allowed.items():
        operator, threshold = limit["comparison_operator"], limit["threshold"]
        if name in measured and checks[operator](measured[name]["value"], threshold):
            value, spread = measured[name]["value"], measured[name]["standard_deviation"]
            text = f"Metric {name} with {value} +/- {spread} was {operator} '{threshold}'"
            violated.append(
                {"constraint_check_type": operator, "description": text, "metric_name": name}
            )
    return {"violations": violated}
