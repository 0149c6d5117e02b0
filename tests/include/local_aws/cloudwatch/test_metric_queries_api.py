from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal

NOW = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
SPAN = {
    "StartTime": NOW - dt.timedelta(hours=1),
    "EndTime": NOW + dt.timedelta(hours=1),
}


def _put(cloudwatch: Any, namespace: str, **datum: Any) -> None:
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "m"} | datum])


def _query(namespace: str, name: str, **members: Any) -> dict[str, Any]:
    metric = {"Namespace": namespace, "MetricName": name}
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}} | members


def test_metric_data_computes(cloudwatch: Any, namespace: str) -> None:
    earlier = NOW - dt.timedelta(minutes=1)
    for at, good, all_ in ((earlier, 3.0, 4.0), (NOW, 1.0, 2.0)):
        for name, value in (("good", good), ("all", all_)):
            _put(cloudwatch, namespace, MetricName=name, Value=value, Timestamp=at)
    queries = [
        {
            "Id": name,
            "ReturnData": False,
            "MetricStat": {
                "Metric": {"Namespace": namespace, "MetricName": name},
                "Period": 60,
                "Stat": "Sum",
            },
        }
        for name in ("good", "all")
    ]
    queries.append({"Id": "share", "Expression": "good / all * 100"})
    (result,) = cloudwatch.get_metric_data(MetricDataQueries=queries, **SPAN)["MetricDataResults"]
    assert (result["Id"], result["Values"], result["Timestamps"]) == (
        "share",
        [50.0, 75.0],
        [NOW, earlier],
    )


def test_points_are_paged(cloudwatch: Any, namespace: str) -> None:
    for name in ("a", "b"):
        for minute in range(3):
            at = NOW - dt.timedelta(minutes=minute)
            _put(cloudwatch, namespace, MetricName=name, Value=float(minute), Timestamp=at)
    queries = [_query(namespace, name) for name in ("a", "b")]
    request = {"MetricDataQueries": queries, "MaxDatapoints": 4} | SPAN
    first = cloudwatch.get_metric_data(**request)
    assert [result["Values"] for result in first["MetricDataResults"]] == [[0, 1, 2], [0]]
    statuses = [result["StatusCode"] for result in first["MetricDataResults"]]
    assert statuses == ["Complete", "PartialData"]
    rest = cloudwatch.get_metric_data(**request, NextToken=first["NextToken"])
    assert [result["Values"] for result in rest["MetricDataResults"]] == [[], [1, 2]]
    assert "NextToken" not in rest
    assert refusal(cloudwatch.get_metric_data, **request, NextToken="x")[0] == "InvalidNextToken"


@pytest.mark.parametrize(
    ("queries", "change"),
    [
        ([], {}),
        ([{"Id": "A", "Expression": "1"}], {}),
        ([{"Id": "a", "Expression": "1"}, {"Id": "a", "Expression": "2"}], {}),
        ([{"Id": "a"}], {}),
        ([_query("N", "a", Expression="1")], {}),
        ([_query("N", "a")], {"StartTime": NOW, "EndTime": NOW}),
        ([_query("N", "a")], {"MaxDatapoints": 0}),
        ([{"Id": "a", "MetricStat": {"Metric": {}, "Period": 60, "Stat": "Sum"}}], {}),
        ([{"Id": "a", "MetricStat": _query("N", "a")["MetricStat"] | {"Period": 45}}], {}),
    ],
)
def test_wrong_queries_are_refused(
    cloudwatch: Any, queries: list[dict[str, Any]], change: dict[str, Any]
) -> None:
    request = {"MetricDataQueries": queries} | SPAN | change
    assert refusal(cloudwatch.get_metric_data, **request)[0] == "ValidationError"
