"""Metric filters, which publish metrics from log events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..core.store import Doc, Store
from . import filter_patterns
from .filter_patterns import Fields
from .logs import Line
from .metrics import Metrics

if TYPE_CHECKING:
    from .logs import Logs

KIND = "metric-filter"
MINUTE = 60_000


class MetricFilters:
    """Publishes a metric for each event that a filter of its group matches."""

    def __init__(self, store: Store, logs: Logs, metrics: Metrics) -> None:
        self._store, self._metrics = store, metrics
        self._by_group: dict[str, list[Doc]] = {}
        self._reported: dict[tuple[str, str], int] = {}  # the last minute with a value
        logs.watch(self._apply)

    def put(self, doc: Doc) -> None:
        """Add a filter, or replace the one with its name."""
        name = key(doc["logGroupName"], doc["filterName"])
        if self._store.get(KIND, name):
            self._store.delete(KIND, name)
        self._store.insert(KIND, name, doc)
        self._by_group.clear()

    def of(self, group: str) -> list[Doc]:
        return [doc for doc in self._store.list(KIND) if doc["logGroupName"] == group]

    def delete(self, group: str, name: str) -> None:
        """Remove a filter; raise Missing."""
        self._store.delete(KIND, key(group, name))
        self._by_group.clear()

    def forget(self, group: str) -> None:
        """Remove every filter of a deleted group."""
        for doc in self.of(group):
            self.delete(group, doc["filterName"])

    def _apply(self, group: str, lines: list[Line]) -> None:
        if group not in self._by_group:
            self._by_group[group] = self.of(group)
        for doc in self._by_group[group]:
            for at, message in lines:
                self._judge(doc, at, message)

    def _judge(self, doc: Doc, at: int, message: str) -> None:
        (change,) = doc["metricTransformations"]
        dimensions: Fields | None
        fields = filter_patterns.parse(doc["filterPattern"]).match(message)
        minute, place = at // MINUTE, (doc["logGroupName"], doc["filterName"])
        if fields is None:
            value, dimensions = change.get("defaultValue"), {}
            if self._reported.get(place) == minute:
                return  # AWS publishes the default once per minute without a match
        else:
            value = number(change["metricValue"], fields, message)
            dimensions = _dimensions(change.get("dimensions", {}), fields, message)
        if value is None or dimensions is None:
            return
        self._reported[place] = minute
        self._metrics.put(
            change["metricNamespace"],
            change["metricName"],
            dimensions,
            value,
            unit=change.get("unit", "None"),
            at=at / 1000,
        )


def key(group: str, name: str) -> str:
    return f"{group}\n{name}"  # neither contains a line break


def _dimensions(named: Fields, fields: Fields, message: str) -> Fields | None:
    """Return the dimensions of an event; None if one is missing, which publishes nothing."""
    values = {name: resolved(given, fields, message) for name, given in named.items()}
    present = {name: value for name, value in values.items() if value is not None}
    return present if len(present) == len(named) else None


def resolved(given: str, fields: Fields, message: str) -> str | None:
    """Return the value of `$.a` or `$word` in an event."""
    if given in fields:
        return fields[given]
    return filter_patterns.value_of(message, given) if given.startswith("$.") else None


def number(given: str, fields: Fields, message: str) -> float | None:
    """Return the value that an event publishes, if it has one."""
    text = resolved(given, fields, message) if given.startswith("$") else given
    try:
        value = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None
