"""The members of PutMetricData's MetricData, as points of the metric store."""

from __future__ import annotations

from collections import Counter

from ..core.store import Doc
from ..wire.errors import AwsError
from .metrics import Point, Summary


def point(namespace: str, datum: Doc, now: float) -> Point:
    """Return a member of MetricData as a point, at *now* unless it has a Timestamp."""
    at = datum.get("Timestamp", now)
    unit = datum.get("Unit", "None")
    dimensions = dimensions_of(datum)
    return Point(namespace, datum["MetricName"], dimensions, at, _summary(datum), unit)


def _summary(datum: Doc) -> Summary:
    if stats := datum.get("StatisticValues"):
        bounds = (stats["Minimum"], stats["Maximum"])
        # Percentiles of a statistic set exist only where they cannot be wrong.
        known = Counter({stats["Sum"]: 1.0}) if stats["SampleCount"] == 1 else Counter()
        return Summary(stats["Sum"], stats["SampleCount"], *bounds, known)
    summary = Summary()
    values = datum.get("Values", [datum["Value"]] if "Value" in datum else [])
    if not values:
        raise invalid(f"Metric {datum['MetricName']} has no Value, Values or StatisticValues.")
    counts = datum.get("Counts", [1.0] * len(values))
    if len(counts) != len(values):
        raise invalid("The parameters Values and Counts must be of the same size.")
    for value, count in zip(values, counts, strict=True):
        summary.add(value, count)
    return summary


def dimensions_of(request: Doc) -> dict[str, str]:
    return {d["Name"]: d["Value"] for d in request.get("Dimensions", [])}


def invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValue", message)
