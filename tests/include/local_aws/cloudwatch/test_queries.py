from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from include.local_aws.cloudwatch import queries
from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.store import Store


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    store = Store(":memory:")
    yield Metrics(store)
    store.close()


def _query(name: str, period: int = 60, **members: Any) -> dict[str, Any]:
    metric = {"Namespace": "Shop", "MetricName": name}
    stat = {"Metric": metric, "Period": period, "Stat": "Sum"}
    return {"Id": name, "MetricStat": stat, "ReturnData": False} | members


def test_series_and_math_are_returned_by_id(metrics: Metrics) -> None:
    metrics.put("Shop", "good", {}, 3, at=60)
    metrics.put("Shop", "all", {}, 4, at=60)
    asked = [_query("good"), _query("all"), {"Id": "share", "Expression": "good / all"}]
    results = queries.run(metrics, asked, (0, 120), float)
    assert results == {"good": {60: 3}, "all": {60: 4}, "share": {60: 0.75}}


def test_period_may_last_less_than_configured(metrics: Metrics) -> None:
    metrics.put("Shop", "good", {}, 1, at=1)
    metrics.put("Shop", "good", {}, 2, at=2)
    results = queries.run(metrics, [_query("good")], (0, 3), lambda seconds: seconds / 60)
    assert results["good"] == {1: 1, 2: 2}


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ([_query("a"), _query("b")], "Exactly one element of Metrics must return data."),
        (
            [_query("a"), _query("b", 300, ReturnData=True)],
            "The metrics need one common period, not [60, 300].",
        ),
        (
            [_query("a"), {"Id": "m", "Expression": "a +"}],
            "Error in expression 'a +': only + - * / on ids and numbers are emulated.",
        ),
    ],
)
def test_queries_without_one_value_per_period_are_refused(
    asked: list[dict[str, Any]], problem: str
) -> None:
    assert queries.problem(asked) == problem


def test_sound_queries_have_no_problem() -> None:
    assert queries.problem([_query("a"), {"Id": "m", "Expression": "a * 2"}]) is None


def test_metric_without_a_name_or_a_known_statistic_is_unanswerable() -> None:
    nameless = _query("a")
    nameless["MetricStat"]["Metric"] = {"Namespace": "Shop"}
    assert queries.unanswerable([nameless]) == "A metric needs a Namespace and a MetricName."
    odd = _query("a")
    odd["MetricStat"]["Stat"] = "tm90"
    assert "Statistic 'tm90' is not emulated. Use one of" in (queries.unanswerable([odd]) or "")
