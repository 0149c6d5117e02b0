"""Check the members of PutMetricData's MetricData, and convert them to points."""

from __future__ import annotations

import math
import time
from collections import Counter

from ..core.store import Doc
from ..wire.errors import AwsError
from .metrics import Point, Summary

LARGEST = 2.0**360
MOST_DATA, MOST_VALUES = 1000, 150
OLDEST, NEWEST = 14 * 86400, 2 * 3600  # seconds
PERIODS = (1, 5, 10, 20, 30)
EXCLUSIVE = ("Value", "Values", "StatisticValues")


def points(request: Doc, now: float) -> list[Point]:
    """Return the points of a PutMetricData request; raise AwsError for the first invalid one."""
    data = [("MetricData", datum) for datum in request.get("MetricData", [])]
    for entity in request.get("EntityMetricData", []):
        data += [("EntityMetricData", datum) for datum in entity.get("MetricData", [])]
    if not data:
        raise AwsError("MissingParameter", "The parameter MetricData is required.")
    if len(data) > MOST_DATA:
        raise invalid(f"The collection MetricData must not have a size greater than {MOST_DATA}.")
    made = []
    for number, (member, datum) in enumerate(data, 1):
        _check(datum, f"{member}.member.{number}", now)
        made.append(point(request["Namespace"], datum, now))
    return made


def point(namespace: str, datum: Doc, now: float) -> Point:
    """Return a member of MetricData as a point, at *now* unless it has a Timestamp."""
    at = datum.get("Timestamp", now)
    unit = datum.get("Unit", "None")
    dimensions = dimensions_of(datum)
    return Point(namespace, datum["MetricName"], dimensions, at, _summary(datum), unit)


def _check(datum: Doc, place: str, now: float) -> None:
    given = [name for name in EXCLUSIVE if name in datum]
    if not given:
        raise AwsError("MissingParameter", f"The parameter {place}.Value is required.")
    if len(given) > 1:
        names = " and ".join(f"{place}.{name}" for name in given)
        message = f"The parameters {names} are mutually exclusive and you have specified both."
        raise AwsError("InvalidParameterCombination", message)
    _check_time(datum.get("Timestamp", now), place, now)
    if datum.get("StorageResolution", 60) not in (1, 60):
        raise wrong(datum["StorageResolution"], f"{place}.StorageResolution")
    if "StatisticValues" in datum:
        _check_statistics(datum["StatisticValues"], f"{place}.StatisticValues")
    elif "Values" in datum:
        _check_values(datum, place)
    else:
        _check_value(datum["Value"], f"{place}.Value")


def _check_time(at: float, place: str, now: float) -> None:
    if at < now - OLDEST:
        limit = "no more than two weeks in the past"
    elif at > now + NEWEST:
        limit = "no more than two hours in the future"
    else:
        return
    try:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    except (OverflowError, ValueError, OSError):
        stamp = str(at)
    raise invalid(f"The value {stamp} for parameter {place}.Timestamp must specify {limit}.")


def _check_values(datum: Doc, place: str) -> None:
    values, counts = datum["Values"], datum.get("Counts")
    if not 0 < len(values) <= MOST_VALUES:
        message = f"The collection {place}.Values must have a size of 1 to {MOST_VALUES}."
        raise invalid(message)
    if counts is not None and len(counts) != len(values):
        message = f"The parameters {place}.Values and {place}.Counts must be of the same size."
        raise invalid(message)
    for number, value in enumerate(values, 1):
        _check_value(value, f"{place}.Values.member.{number}")
    for number, count in enumerate(counts or [], 1):
        _check_value(count, f"{place}.Counts.member.{number}", positive=True)


def _check_statistics(statistics: Doc, place: str) -> None:
    for name, value in statistics.items():
        _check_value(value, f"{place}.{name}", positive=name == "SampleCount")
    if statistics["Minimum"] > statistics["Maximum"]:
        message = f"The parameter {place}.Maximum must not be less than {place}.Minimum."
        raise invalid(message)


def _check_value(value: float, place: str, *, positive: bool = False) -> None:
    if not math.isfinite(value) or abs(value) > LARGEST or (positive and value <= 0):
        raise wrong(value, place)


def _summary(datum: Doc) -> Summary:
    if stats := datum.get("StatisticValues"):
        bounds = (stats["Minimum"], stats["Maximum"])
        # As on AWS, a statistic set has percentiles only if they are exact.
        known = Counter({stats["Sum"]: 1.0}) if stats["SampleCount"] == 1 else Counter()
        return Summary(stats["Sum"], stats["SampleCount"], *bounds, known)
    summary = Summary()
    values = datum["Values"] if "Values" in datum else [datum["Value"]]
    counts = datum.get("Counts") or [1.0] * len(values)
    for value, count in zip(values, counts, strict=True):
        summary.add(value, count)
    return summary


def dimensions_of(request: Doc) -> dict[str, str]:
    return {d["Name"]: d["Value"] for d in request.get("Dimensions", [])}


def is_period(seconds: int) -> bool:
    """Return whether CloudWatch has periods of *seconds*."""
    return seconds in PERIODS or (seconds > 0 and seconds % 60 == 0)


def period_problem(seconds: int) -> str:
    return f"Period {seconds} must be 1, 5, 10, 20, 30 or a multiple of 60."


def wrong(value: object, place: str) -> AwsError:
    return invalid(f"The value {value} for parameter {place} is invalid.")


def invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValue", message)
