"""The time series of a trial component's metrics."""

from __future__ import annotations

import math
from typing import NamedTuple

from ...core.account import Aws
from ...core.store import Doc

LARGEST = 2.0**360  # as CloudWatch: squares of larger values overflow a double


class Point(NamedTuple):
    """One value of a metric; *step* is the iteration, by default counted from 0."""

    at: float
    step: int
    value: float


def is_storable(value: float) -> bool:
    return abs(value) <= LARGEST  # False for NaN


def put_metrics(aws: Aws, component: str, data: list[Doc]) -> None:
    """Add points of BatchPutMetrics to the component's time series."""
    rows = [
        (component, point["MetricName"], point["Timestamp"], point.get("Step"), point["Value"])
        for point in data
    ]
    aws.store.write_many("INSERT INTO series VALUES (?, ?, ?, ?, ?)", rows)


def points(aws: Aws, component: str) -> dict[str, list[Point]]:
    """Return each metric's points, oldest first, without values beyond LARGEST."""
    select = (
        "SELECT metric, at, step, value FROM series "
        "WHERE component=? AND abs(value) <= ? ORDER BY at, rowid"
    )
    series_by_metric: dict[str, list[Point]] = {}
    for metric, at, step, value in aws.store.query(select, component, LARGEST):
        known = series_by_metric.setdefault(metric, [])
        known.append(Point(at, len(known) if step is None else step, value))
    return series_by_metric


def forget(aws: Aws, component: str) -> None:
    aws.store.query("DELETE FROM series WHERE component=?", component)


def summaries(aws: Aws, component: Doc) -> list[Doc]:
    """Return Min, Max, Avg, Last, Count and StdDev of each metric of a component."""
    source = component.get("Source", {}).get("SourceArn", component["TrialComponentArn"])
    series_by_metric = points(aws, component["TrialComponentName"])
    return [
        {"MetricName": metric, "SourceArn": source, "TimeStamp": series[-1].at}
        | statistics([point.value for point in series])
        for metric, series in series_by_metric.items()
    ]


def statistics(values: list[float]) -> dict[str, float]:
    """Return the statistics of a series; StdDev is the sample deviation, as on AWS."""
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
