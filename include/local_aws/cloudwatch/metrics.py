"""CloudWatch's metric store: summaries with value counts, from which percentiles are computed."""

from __future__ import annotations

import json
import math
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..core.store import Store

SCHEMA = """
CREATE TABLE IF NOT EXISTS metric_points (
    namespace TEXT, metric TEXT, dimensions TEXT, at REAL, total REAL, samples REAL,
    low REAL, high REAL, counts TEXT, unit TEXT)"""
INDEX = """
CREATE INDEX IF NOT EXISTS metric_points_by_metric
    ON metric_points (namespace, metric, dimensions, at)"""
INSERT = "INSERT INTO metric_points VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
DISTINCT = 3  # significant digits of values in percentiles, which keeps the counts small


STATISTICS = frozenset({"Sum", "SampleCount", "Average", "Minimum", "Maximum"})
PERCENTILE = re.compile(r"p(\d{1,2}(\.\d+)?|100)")


def is_statistic(name: str) -> bool:
    """Return whether a Summary has the statistic *name*."""
    return name in STATISTICS or PERCENTILE.fullmatch(name) is not None


@dataclass(slots=True)
class Summary:
    """A set of values, as CloudWatch stores it."""

    total: float = 0.0
    samples: float = 0.0
    low: float = math.inf
    high: float = -math.inf
    counts: Counter[float] = field(default_factory=Counter)
    unit: str = "None"

    def add(self, value: float, count: float = 1.0) -> None:
        self.total += value * count
        self.samples += count
        self.low = min(self.low, value)
        self.high = max(self.high, value)
        self.counts[value] += count  # type: ignore[assignment]

    def merge(self, other: Summary) -> None:
        self.total += other.total
        self.samples += other.samples
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)
        self.counts.update(other.counts)
        self.unit = other.unit

    @property
    def is_finite(self) -> bool:
        return all(map(math.isfinite, (self.total, self.samples, self.low, self.high)))

    def statistic(self, name: str) -> float | None:
        """Return Sum, SampleCount, Average, Minimum, Maximum or a percentile such as p99.9."""
        plain = {
            "Sum": self.total,
            "SampleCount": self.samples,
            "Average": self.total / self.samples if self.samples else 0.0,
            "Minimum": self.low,
            "Maximum": self.high,
        }
        return plain[name] if name in plain else self._percentile(name)

    def _percentile(self, name: str) -> float | None:
        if not self.counts:
            return None
        wanted = float(name[1:]) / 100 * sum(self.counts.values())
        seen = 0.0
        for value in sorted(self.counts):
            seen += self.counts[value]
            if seen >= wanted:
                return value
        return self.high


@dataclass(frozen=True, slots=True)
class Point:
    """A summary of one metric at one time."""

    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    at: float
    summary: Summary
    unit: str = "None"


class Metrics:
    """Stores the metrics that PutMetricData and the platform publish."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.query(SCHEMA)
        store.query(INDEX)

    def put(
        self,
        namespace: str,
        metric: str,
        dimensions: Mapping[str, str],
        value: float,
        *,
        unit: str = "None",
        at: float | None = None,
    ) -> None:
        """Publish one value, by default now."""
        summary = Summary()
        summary.add(value)
        when = time.time() if at is None else at
        self.put_points([Point(namespace, metric, dimensions, when, summary, unit)])

    def put_points(self, points: Iterable[Point]) -> None:
        """Publish *points*, without NaN and infinity, which CloudWatch does not store."""
        rows = [_row(point) for point in points if point.summary.is_finite]
        if rows:
            self._store.write_many(INSERT, rows)

    def series(
        self,
        namespace: str,
        metric: str,
        dimensions: Mapping[str, str],
        *,
        start: float,
        end: float,
        period: float,
        unit: str | None = None,
    ) -> dict[float, Summary]:
        """Return summaries by the start of their period, oldest first, without empty periods."""
        sql = (
            "SELECT at, total, samples, low, high, counts, unit FROM metric_points "
            "WHERE namespace=? AND metric=? AND dimensions=? AND at>=? AND at<? "
            "AND (? IS NULL OR unit=?) ORDER BY at"
        )
        key = _key(dimensions)
        summaries: dict[float, Summary] = {}
        for at, *summary in self._store.query(sql, namespace, metric, key, start, end, unit, unit):
            # Half a nanosecond compensates for the rounding of a shortened, fractional period.
            begin = math.floor(at / period + 1e-9) * period
            summaries.setdefault(begin, Summary()).merge(_summary(*summary))
        return summaries

    def values(self, namespace: str, metric: str, dimensions: Mapping[str, str]) -> list[float]:
        """Return every value of a metric that is published one by one, oldest first."""
        sql = (
            "SELECT total FROM metric_points WHERE namespace=? AND metric=? AND dimensions=? "
            "ORDER BY at, rowid"
        )
        return [row[0] for row in self._store.query(sql, namespace, metric, _key(dimensions))]

    def names(
        self, namespace: str | None, metric: str | None, since: float = 0.0
    ) -> list[tuple[str, str, dict[str, str]]]:
        """Return namespace, name and dimensions of every metric with data after *since*."""
        sql = (
            "SELECT DISTINCT namespace, metric, dimensions FROM metric_points "
            "WHERE (? IS NULL OR namespace=?) AND (? IS NULL OR metric=?) AND at>=? "
            "ORDER BY 1, 2, 3"
        )
        rows = self._store.query(sql, namespace, namespace, metric, metric, since)
        return [(space, name, dict(json.loads(pairs))) for space, name, pairs in rows]

    def prune(self, before: float) -> None:
        self._store.query("DELETE FROM metric_points WHERE at<?", before)


def _key(dimensions: Mapping[str, str]) -> str:
    return json.dumps(sorted(dimensions.items()))


def _row(point: Point) -> tuple[object, ...]:
    summary = point.summary
    values = json.dumps([[value, count] for value, count in _rounded(summary.counts).items()])
    numbers = (point.at, summary.total, summary.samples, summary.low, summary.high)
    return (point.namespace, point.metric, _key(point.dimensions), *numbers, values, point.unit)


def _rounded(counts: Counter[float]) -> Counter[float]:
    rounded: Counter[float] = Counter()
    for value, count in counts.items():
        rounded[float(f"{value:.{DISTINCT}g}") if len(counts) > 1 else value] += count
    return rounded


def _summary(
    total: float, samples: float, low: float, high: float, counts: str, unit: str
) -> Summary:
    return Summary(total, samples, low, high, Counter(dict(json.loads(counts))), unit)
