from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal


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
        data = [{"MetricName": "m", "Value": 20.0}]
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
        time.sleep(0.2)
    state = _state(cloudwatch, name)
    assert state["StateValue"] == "ALARM"
    assert state["StateReason"].startswith("Threshold Crossed: 2 out of the last 2 datapoints")
    assert state["Period"] == 60


def test_alarm_without_data_can_be_set_by_hand(
    cloudwatch: Any, namespace: str, unique: Callable[[str], str]
) -> None:
    name = unique("alarm")
    _alarm(cloudwatch, name, namespace, TreatMissingData="ignore")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a drill")
    state = _state(cloudwatch, name)
    assert (state["StateValue"], state["StateReason"]) == ("ALARM", "a drill")


def test_deleted_alarm_does_not_exist(
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
    code, refused = refusal(
        cloudwatch.put_metric_alarm,
        AlarmName="unreadable",
        Metrics=metrics,
        EvaluationPeriods=1,
        Threshold=5.0,
        ComparisonOperator="GreaterThanThreshold",
    )
    assert code == "InvalidParameterCombination"
    assert re.search(message, refused)


@pytest.mark.parametrize(
    "members",
    [
        {"Period": 45},
        {"ExtendedStatistic": "tm90"},
        {"ExtendedStatistic": "p90", "Statistic": "Sum"},
        {"DatapointsToAlarm": 2},
        {"ComparisonOperator": "LessThanLowerThreshold"},
        {"Metrics": [{"Id": "a", "Expression": "1"}]},
    ],
)
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


@pytest.mark.parametrize(
    "members",
    [
        {"Threshold": float("nan")},
        {"EvaluationPeriods": 1441},
        {"Period": 3600, "EvaluationPeriods": 169},
    ],
)
def test_alarm_beyond_awss_bounds_is_refused(cloudwatch: Any, members: dict[str, Any]) -> None:
    request = {
        "AlarmName": "odd",
        "Namespace": "Shop",
        "MetricName": "m",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1.0,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    code, _ = refusal(cloudwatch.put_metric_alarm, **(request | members))
    assert code.startswith("Validation")


def test_alarms_of_a_metric_have_its_dimensions_statistic_and_period(
    cloudwatch: Any, namespace: str, unique: Callable[[str], str]
) -> None:
    plain, of_one = unique("alarm"), unique("alarm")
    dimensions = [{"Name": "a", "Value": "1"}]
    _alarm(cloudwatch, plain, namespace)
    _alarm(cloudwatch, of_one, namespace, Dimensions=dimensions)

    def named(**members: Any) -> list[str]:
        request = {"Namespace": namespace, "MetricName": "m"} | members
        listed = cloudwatch.describe_alarms_for_metric(**request)["MetricAlarms"]
        return [alarm["AlarmName"] for alarm in listed]

    assert named() == named(Statistic="Sum", Period=60) == [plain]
    assert named(Dimensions=dimensions) == [of_one]
    assert named(Statistic="Average") == named(Period=300) == []


def test_actions_of_an_alarm_are_switched(
    cloudwatch: Any, namespace: str, unique: Callable[[str], str]
) -> None:
    name = unique("alarm")
    _alarm(cloudwatch, name, namespace)
    cloudwatch.disable_alarm_actions(AlarmNames=[name, "unknown"])
    assert _state(cloudwatch, name)["ActionsEnabled"] is False
    cloudwatch.enable_alarm_actions(AlarmNames=[name])
    assert _state(cloudwatch, name)["ActionsEnabled"] is True


def test_unknown_page_is_refused(cloudwatch: Any) -> None:
    assert refusal(cloudwatch.describe_alarms, NextToken="x")[0] == "InvalidNextToken"
    assert refusal(cloudwatch.describe_alarm_history, NextToken="x")[0] == "InvalidNextToken"
