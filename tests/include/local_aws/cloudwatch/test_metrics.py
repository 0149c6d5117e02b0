from __future__ import annotations

from collections.abc import Iterator

import pytest

from include.local_aws.cloudwatch.metrics import Metrics, Summary
from include.local_aws.core.store import Store


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    store = Store(":memory:")
    yield Metrics(store)
    store.close()


def test_values_of_one_period_are_summed_up(metrics: Metrics) -> None:
    for at, value in ((60.0, 1.0), (90.0, 3.0), (120.0, 5.0)):
        metrics.put("N", "m", {"a": "1"}, value, at=at)
    series = metrics.series("N", "m", {"a": "1"}, start=0, end=180, period=60)
    assert list(series) == [60, 120]
    assert [series[60].statistic(name) for name in ("Sum", "Average", "Maximum")] == [4, 2, 3]


def test_metrics_are_separate_by_dimensions(metrics: Metrics) -> None:
    metrics.put("N", "m", {"a": "1", "b": "2"}, 1, at=0)
    assert not metrics.series("N", "m", {"a": "1"}, start=0, end=60, period=60)
    assert metrics.series("N", "m", {"b": "2", "a": "1"}, start=0, end=60, period=60)


def test_percentiles_come_from_the_values() -> None:
    summary = Summary()
    for value in range(1, 101):
        summary.add(value)
    assert [summary.statistic(name) for name in ("p50", "p99", "p100")] == [50, 99, 100]


def test_statistics_alone_have_no_percentile() -> None:
    assert Summary(total=3.0, samples=2.0, low=1.0, high=2.0).statistic("p50") is None


def test_names_are_listed_once(metrics: Metrics) -> None:
    for at in (0, 60):
        metrics.put("N", "m", {"a": "1"}, 1, at=at)
    metrics.put("Other", "m", {}, 1, at=0)
    assert metrics.names("N", None) == [("N", "m", {"a": "1"})]
    assert len(metrics.names(None, "m")) == 2


def test_old_points_are_pruned(metrics: Metrics) -> None:
    metrics.put("N", "m", {}, 1, at=10)
    metrics.prune(20)
    assert metrics.names(None, None) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_not_numbers_are_skipped(metrics: Metrics, value: float) -> None:
    metrics.put("N", "m", {}, value, at=60)
    metrics.put("N", "m", {}, 1, at=60)
    assert metrics.series("N", "m", {}, start=0, end=120, period=60)[60].total == 1
