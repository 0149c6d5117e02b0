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


def test_statistics_aggregate_published_values(cloudwatch: Any, namespace: str) -> None:
    _put(cloudwatch, namespace, Value=2.0, Timestamp=NOW, Unit="Count")
    _put(cloudwatch, namespace, Values=[4.0, 8.0], Counts=[1.0, 2.0], Timestamp=NOW, Unit="Count")
    (point,) = cloudwatch.get_metric_statistics(
        Namespace=namespace,
        MetricName="m",
        **SPAN,
        Period=60,
        Statistics=["Sum", "Average", "Minimum", "Maximum", "SampleCount"],
    )["Datapoints"]
    assert point["Timestamp"] == NOW
    assert (point["Sum"], point["SampleCount"], point["Average"]) == (22, 4, 5.5)
    assert (point["Minimum"], point["Maximum"], point["Unit"]) == (2, 8, "Count")
    (point,) = cloudwatch.get_metric_statistics(
        Namespace=namespace, MetricName="m", **SPAN, Period=60, ExtendedStatistics=["p50"]
    )["Datapoints"]
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


def test_unknown_page_of_metrics_is_refused(cloudwatch: Any) -> None:
    assert refusal(cloudwatch.list_metrics, NextToken="x")[0] == "InvalidParameterValue"


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


def test_statistic_that_cannot_be_computed_is_refused(cloudwatch: Any, namespace: str) -> None:
    request = {"Namespace": namespace, "MetricName": "m", "Period": 60} | SPAN
    code, message = refusal(
        cloudwatch.get_metric_statistics, **request, ExtendedStatistics=["pmost"]
    )
    assert code == "InvalidParameterValue"
    assert "Statistic 'pmost' is not emulated" in message


@pytest.mark.parametrize(
    ("datum", "code"),
    [
        ({"Value": 1.0, "Values": [1.0]}, "InvalidParameterCombination"),
        ({"Value": float("nan")}, "InvalidParameterValue"),
        ({"Value": float("-inf")}, "InvalidParameterValue"),
        ({"Value": 2.0**361}, "InvalidParameterValue"),
        ({"Values": [1.0, float("nan")]}, "InvalidParameterValue"),
        ({"Values": [1.0], "Counts": [-1.0]}, "InvalidParameterValue"),
        ({"Values": [1.0], "Counts": [1.0, 2.0]}, "InvalidParameterValue"),
        ({"Values": [1.0] * 151}, "InvalidParameterValue"),
        ({"Value": 1.0, "StorageResolution": 5}, "InvalidParameterValue"),
        ({}, "MissingParameter"),
    ],
)
def test_datum_that_aws_refuses_is_refused_and_leaves_nothing(
    cloudwatch: Any, namespace: str, datum: dict[str, Any], code: str
) -> None:
    assert refusal(lambda: _put(cloudwatch, namespace, **datum))[0] == code
    _put(cloudwatch, namespace, Value=2.0**360)
    (point,) = cloudwatch.get_metric_statistics(
        Namespace=namespace, MetricName="m", **SPAN, Period=3600, Statistics=["Maximum"]
    )["Datapoints"]
    assert point["Maximum"] == 2.0**360


@pytest.mark.parametrize(
    ("days", "words"), [(-15, "two weeks in the past"), (0.1, "two hours in the future")]
)
def test_datum_of_another_age_is_refused(
    cloudwatch: Any, namespace: str, days: float, words: str
) -> None:
    at = NOW + dt.timedelta(days=days)
    code, message = refusal(lambda: _put(cloudwatch, namespace, Value=1.0, Timestamp=at))
    assert (code, words in message) == ("InvalidParameterValue", True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Period": 45}, "InvalidParameterValue"),
        ({"StartTime": NOW, "EndTime": NOW}, "InvalidParameterValue"),
        ({"StartTime": NOW - dt.timedelta(days=2)}, "InvalidParameterCombination"),
        ({"ExtendedStatistics": ["p50"]}, "InvalidParameterCombination"),
    ],
)
def test_range_that_cannot_be_summed_up_is_refused(
    cloudwatch: Any, namespace: str, change: dict[str, Any], code: str
) -> None:
    request = {"Namespace": namespace, "MetricName": "m", "Period": 60, "Statistics": ["Sum"]}
    assert refusal(cloudwatch.get_metric_statistics, **(request | SPAN | change))[0] == code


def test_metrics_of_an_entity_are_published(cloudwatch: Any, namespace: str) -> None:
    data = [{"MetricName": "m", "Value": 3.0}]
    entity = {"KeyAttributes": {"Name": "churn", "Type": "Service"}}
    cloudwatch.put_metric_data(
        Namespace=namespace, EntityMetricData=[{"Entity": entity, "MetricData": data}]
    )
    listed = cloudwatch.list_metrics(Namespace=namespace, RecentlyActive="PT3H")["Metrics"]
    assert [metric["MetricName"] for metric in listed] == ["m"]


def test_metric_without_recent_data_is_not_recently_active(cloudwatch: Any, namespace: str) -> None:
    _put(cloudwatch, namespace, Value=1.0, Timestamp=NOW - dt.timedelta(hours=4))
    assert len(cloudwatch.list_metrics(Namespace=namespace)["Metrics"]) == 1
    response = cloudwatch.list_metrics(Namespace=namespace, RecentlyActive="PT3H")
    assert response["Metrics"] == []
