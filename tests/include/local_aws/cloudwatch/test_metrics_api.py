from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.refusals import refusal

NOW = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
SPAN = {
    "StartTime": NOW - dt.timedelta(hours=1),
    "EndTime": NOW + dt.timedelta(hours=1),
}


@pytest.fixture(scope="module")
def cloudwatch(local_aws: Server) -> Any:
    return local_aws.client("cloudwatch")


@pytest.fixture
def namespace(unique: Callable[[str], str]) -> str:
    return unique("Shop")


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


def _alarm(cloudwatch: Any, name: str, namespace: str, **members: Any) -> None:
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace=namespace,
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=2,
        Threshold=10.0,
        ComparisonOperator="GreaterThanThreshold",
        **members,
    )


def _state(cloudwatch: Any, name: str) -> dict[str, Any]:
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return dict(alarm)


def test_alarm_follows_its_metric(
    cloudwatch: Any, namespace: str, unique: Callable[[str], str]
) -> None:
    name = unique("alarm")
    _alarm(cloudwatch, name, namespace)
    assert _state(cloudwatch, name)["StateReason"] == "Unchecked: Initial alarm creation"
    deadline = time.monotonic() + 15
    while _state(cloudwatch, name)["StateValue"] != "ALARM" and time.monotonic() < deadline:
        _put(cloudwatch, namespace, Value=20.0)
        time.sleep(0.2)
    found = _state(cloudwatch, name)
    assert found["StateValue"] == "ALARM"
    assert found["StateReason"].startswith("Threshold Crossed: 2 out of the last 2 datapoints")
    assert found["Period"] == 60


def test_alarm_without_data_can_be_set_by_hand(
    cloudwatch: Any, namespace: str, unique: Callable[[str], str]
) -> None:
    name = unique("alarm")
    _alarm(cloudwatch, name, namespace, TreatMissingData="ignore")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a drill")
    found = _state(cloudwatch, name)
    assert (found["StateValue"], found["StateReason"]) == ("ALARM", "a drill")


def test_deleted_alarm_is_gone(
    cloudwatch: Any, namespace: str, unique: Callable[[str], str]
) -> None:
    name = unique("alarm")
    _alarm(cloudwatch, name, namespace)
    cloudwatch.delete_alarms(AlarmNames=[name])
    assert cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []
    code, _ = refusal(
        cloudwatch.set_alarm_state, AlarmName=name, StateValue="OK", StateReason="gone"
    )
    assert code == "ResourceNotFound"


def _ratio(namespace: str, expression: str) -> list[dict[str, Any]]:
    parts = [
        {
            "Id": name,
            "MetricStat": {
                "Metric": {"Namespace": namespace, "MetricName": name},
                "Period": 60,
                "Stat": "Sum",
            },
            "ReturnData": False,
        }
        for name in ("errors", "calls")
    ]
    return [*parts, {"Id": "ratio", "Expression": expression, "ReturnData": True}]


def test_alarm_on_metric_math_fires_and_is_remembered(
    cloudwatch: Any, namespace: str, unique: Callable[[str], str]
) -> None:
    name = unique("alarm")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Metrics=_ratio(namespace, "100 * errors / calls"),
        EvaluationPeriods=1,
        Threshold=5.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    deadline = time.monotonic() + 15
    while _state(cloudwatch, name)["StateValue"] != "ALARM" and time.monotonic() < deadline:
        data = [{"MetricName": "errors", "Value": 1.0}, {"MetricName": "calls", "Value": 10.0}]
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
        time.sleep(0.2)
    history = cloudwatch.describe_alarm_history(AlarmName=name)["AlarmHistoryItems"]
    summaries = [item["HistorySummary"] for item in history]
    assert "Alarm updated from INSUFFICIENT_DATA to ALARM" in summaries


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"Expression": "errors / calls + 1 / 0"}, "only \\+ - \\* / on ids"),
        ({"Expression": "errors +"}, "only \\+ - \\* / on ids"),
        ({"ReturnData": False}, "Exactly one element of Metrics must return data"),
    ],
)
def test_alarm_on_unreadable_math_is_refused(
    cloudwatch: Any, namespace: str, members: dict[str, Any], message: str
) -> None:
    metrics = _ratio(namespace, "errors / calls")
    metrics[-1] |= members
    code, said = refusal(
        cloudwatch.put_metric_alarm,
        AlarmName="unreadable",
        Metrics=metrics,
        EvaluationPeriods=1,
        Threshold=5.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    assert code == "InvalidParameterCombination"
    assert re.search(message, said)


def test_statistic_that_cannot_be_told_is_refused(cloudwatch: Any, namespace: str) -> None:
    request = {"Namespace": namespace, "MetricName": "m", "Period": 60} | SPAN
    code, message = refusal(
        cloudwatch.get_metric_statistics, **request, ExtendedStatistics=["pmost"]
    )
    assert code == "InvalidParameterValue"
    assert "Statistic 'pmost' is not emulated" in message


@pytest.mark.parametrize("members", [{"Period": 45}, {"ExtendedStatistic": "tm90"}])
def test_alarm_that_cannot_be_judged_is_refused(cloudwatch: Any, members: dict[str, Any]) -> None:
    statistic = {} if "ExtendedStatistic" in members else {"Statistic": "Sum"}
    request = {
        "AlarmName": "odd",
        "Namespace": "Shop",
        "MetricName": "m",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    code, _ = refusal(cloudwatch.put_metric_alarm, **(request | statistic | members))
    assert code == "InvalidParameterCombination"
