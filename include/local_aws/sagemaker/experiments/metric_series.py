"""The time series of a trial component's metrics."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...core.account import Aws
from ...core.store import Doc

LARGEST = 2.0**360  # as CloudWatch: the squares of larger values are beyond a double


class Point(NamedTuple):
    """One value of a metric; *step* is the iteration, counted from 0 when nobody said it."""

    at: float
    step: int
    value: float


def put_metrics(aws: Aws, component: str, data: list[Doc]) -> None:
    """Add points, as BatchPutMetrics has them, to the component's time series."""
    rows = [
        (component, point["MetricName"], point["Timestamp"], point.get("Step"), point["Value"])
        for point in data
    ]
    aws.store.write_many("INSERT INTO series VALUES (?, ?, ?, ?, ?)", rows)


def points(aws: Aws, component: str) -> dict[str, list[Point]]:
    """Return each metric's points, oldest first; of larger ones there are no statistics."""
    select = (
        "SELECT metric, at, step, value FROM series "
        "WHERE component=? AND abs(value) <= ? ORDER BY at, rowid"
    )
    found: dict[str, list[Point]] = {}
    for metric, at, step, value in aws.store.query(select, component, LARGEST):
        known = found.setdefault(metric, [])
        known.append(Point(at, len(known) if step is None else step, value))
    return found


def forget(aws: Aws, component: str) -> None:
    aws.store.query("DELETE FROM series WHERE component=?", component)


def summaries(aws: Aws, component: Doc) -> list[Doc]:
    """Min, Max, Avg, Last, Count and StdDev of each metric of a component."""
    source = component.get("Source", {}).get("SourceArn", component["TrialComponentArn"])
    found = points(aws, component["TrialComponentName"])
    return [
        {"MetricName": metric, "SourceArn": source, "TimeStamp": series[-1].at}
        | statistics([point.value for point in series])
        for metric, series in found.items()
    ]


def statistics(values: list[float]) -> dict[str, float]:
    """Return the statistics of a series; the deviation is that of a sample, as AWS's."""
    mean = math.fsum(values) / len(values)
    squares = math.fsum((value - mean) ** 2 for value in values)
    variance = squares / (len(values) - 1) if len(values) > 1 else 0.0
    return {
        "Min": min(values),
        "Max": max(values),
        "Avg": mean,
        "Last": values[-1],
        "Count": len(values),
        "StdDev": math.sqrt(variance),
    }
