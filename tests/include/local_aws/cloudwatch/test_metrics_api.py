from __future__ import annotations

import datetime as dt
from typing import Any

from tests.include.local_aws.refusals import refusal

NOW = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
SPAN = {
    "StartTime": NOW - dt.timedelta(hours=1),
    "EndTime": NOW + dt.timedelta(hours=1),
}


def _put(cloudwatch: Any, namespace: str, **datum: Any) -> None:
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{"MetricName": "m"} | datum])


def test_statistics_sum_up_what_was_put(cloudwatch: Any, namespace: str) -> None:
    _put(cloudwatch, namespace, Value=2.0, Timestamp=NOW, Unit="Count")
    _put(cloudwatch, namespace, Values=[4.0, 8.0], Counts=[1.0, 2.0], Timestamp=NOW, Unit="Count")
    (point,) = cloudwatch.get_metric_statistics(
        Namespace=namespace,
        MetricName="m",
        **SPAN,
        Period=60,
        Statistics=["Sum", "Average", "Minimum", "Maximum", "SampleCount"],
        ExtendedStatistics=["p50"],
    )["Datapoints"]
    assert point["Timestamp"] == NOW
    assert (point["Sum"], point["SampleCount"], point["Average"]) == (22, 4, 5.5)
    assert (point["Minimum"], point["Maximum"], point["Unit"]) == (2, 8, "Count")
    assert point["ExtendedStatistics"] == {"p50": 4}


def test_statistic_sets_are_merged(cloudwatch: Any, namespace: str) -> None:
    stats = {"SampleCount": 2.0, "Sum": 6.0, "Minimum": 1.0, "Maximum": 5.0}
    _put(cloudwatch, namespace, StatisticValues=stats, Timestamp=NOW)
    _put(cloudwatch, namespace, Value=9.0, Timestamp=NOW)
    (point,) = cloudwatch.get_metric_statistics(
        Namespace=namespace, MetricName="m", **SPAN, Period=60, Statistics=["Sum", "Maximum"]
    )["Datapoints"]
    assert (point["Sum"], point["Maximum"]) == (15, 9)


def test_many_values_at_once_arrive(cloudwatch: Any, namespace: str) -> None:
    data = [
        {"MetricName": f"metric-with-a-long-name-{n}", "Value": float(n), "Timestamp": NOW}
        for n in range(500)
    ]
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    pages = cloudwatch.get_paginator("list_metrics").paginate(Namespace=namespace)
    assert sum(len(page["Metrics"]) for page in pages) == 500


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


def test_metrics_are_listed_by_dimension(cloudwatch: Any, namespace: str) -> None:
    for model in ("a", "b"):
        dimension = {"Name": "model", "Value": model}
        _put(cloudwatch, namespace, Value=1.0, Dimensions=[dimension])
    listed = cloudwatch.list_metrics(
        Namespace=namespace, Dimensions=[{"Name": "model", "Value": "b"}]
    )["Metrics"]
    assert [metric["Dimensions"][0]["Value"] for metric in listed] == ["b"]


def test_namespaces_of_aws_are_not_the_users(cloudwatch: Any) -> None:
    code, _ = refusal(
        cloudwatch.put_metric_data,
        Namespace="AWS/SageMaker",
        MetricData=[{"MetricName": "m", "Value": 1.0}],
    )
    assert code == "InvalidParameterValue"


def test_statistic_that_cannot_be_told_is_refused(cloudwatch: Any, namespace: str) -> None:
    request = {"Namespace": namespace, "MetricName": "m", "Period": 60} | SPAN
    code, message = refusal(
        cloudwatch.get_metric_statistics, **request, ExtendedStatistics=["pmost"]
    )
    assert code == "InvalidParameterValue"
    assert "Statistic 'pmost' is not emulated" in message
