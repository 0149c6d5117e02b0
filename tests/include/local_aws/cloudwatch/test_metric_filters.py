from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from include.local_aws.cloudwatch.logs import Logs
from include.local_aws.cloudwatch.metric_filters import MetricFilters
from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.store import Missing, Store

Unique = Callable[[str], str]

NOW = 1_700_000_040_000  # a whole minute


class World:
    """A group whose lines are filtered."""

    def __init__(self, store: Store) -> None:
        self.logs = Logs(store, ManualClock(NOW / 1000))
        self.metrics = Metrics(store)
        self.filters = MetricFilters(store, self.logs, self.metrics)

    def filter(self, pattern: str = "ERROR", **change: Any) -> None:
        metric = {"metricName": "m", "metricNamespace": "N", "metricValue": "1"} | change
        self.filters.put(
            {
                "logGroupName": "g",
                "filterName": "f",
                "filterPattern": pattern,
                "metricTransformations": [metric],
            }
        )

    def values(self, **dimensions: str) -> list[float]:
        return self.metrics.values("N", "m", dimensions)


@pytest.fixture
def world() -> Iterator[World]:
    store = Store(":memory:")
    yield World(store)
    store.close()


def test_matching_lines_are_counted_at_their_times(world: World) -> None:
    world.filter()
    world.logs.put_events("g", "s", [(NOW, "ERROR 1"), (NOW, "fine"), (NOW + 60_000, "ERROR 2")])
    series = world.metrics.series("N", "m", {}, start=0, end=NOW, period=60)
    assert {at: summary.total for at, summary in series.items()} == {
        NOW / 1000: 1,
        NOW / 1000 + 60: 1,
    }


def test_other_groups_and_removed_filters_publish_nothing(world: World) -> None:
    world.filter()
    world.logs.put("other", "s", "ERROR")
    world.logs.put("g", "s", "ERROR")
    world.filters.delete("g", "f")
    world.logs.put("g", "s", "ERROR")
    assert world.values() == [1]
    with pytest.raises(Missing):
        world.filters.delete("g", "f")


def test_default_is_reported_once_for_a_minute_without_a_match(world: World) -> None:
    world.filter(defaultValue=0.0)
    lines = [(NOW, "fine"), (NOW + 1, "fine"), (NOW + 60_000, "fine")]
    world.logs.put_events("g", "s", lines)
    assert world.values() == [0, 0]


@pytest.mark.parametrize("value", ["many", None, "NaN", [1]])
def test_event_without_a_number_publishes_nothing(world: World, value: Any) -> None:
    world.filter('{ $.kind = "k" }', metricValue="$.value")
    world.logs.put("g", "s", json.dumps({"kind": "k", "value": value}))
    world.logs.put("g", "s", json.dumps({"kind": "k", "value": 2.5}))
    assert world.values() == [2.5]
