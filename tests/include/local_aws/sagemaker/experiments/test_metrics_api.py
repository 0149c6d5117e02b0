"""SageMaker Metrics: a component's time series, read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
BEGAN = 1_700_000_040  # on a whole minute


@pytest.fixture(name="component")
def _component(local_aws: Server, sagemaker: Any, unique: Unique) -> str:
    """Create a component with six values of `loss`, 20 seconds apart, in steps 0 to 5."""
    name = unique("measured")
    arn = sagemaker.create_trial_component(TrialComponentName=name)["TrialComponentArn"]
    data = [
        {"MetricName": "loss", "Timestamp": BEGAN + 20 * n, "Step": n, "Value": float(10 - n)}
        for n in range(6)
    ]
    metrics = local_aws.client("sagemaker-metrics")
    metrics.batch_put_metrics(TrialComponentName=name, MetricData=data)
    return str(arn)


def query(local_aws: Server, arn: str, **members: Any) -> Any:
    asked = {
        "MetricName": "loss",
        "ResourceArn": arn,
        "MetricStat": "Last",
        "Period": "IterationNumber",
        "XAxisType": "IterationNumber",
    }
    client = local_aws.client("sagemaker-metrics")
    return client.batch_get_metrics(MetricQueries=[asked | members])["MetricQueryResults"][0]


def test_series_by_iteration(local_aws: Server, component: str) -> None:
    series = query(local_aws, component)
    assert series["Status"] == "Complete"
    assert series["XAxisValues"] == [0, 1, 2, 3, 4, 5]
    assert series["MetricValues"] == [10, 9, 8, 7, 6, 5]
    assert query(local_aws, component, Start=2, End=3)["MetricValues"] == [8, 7]


@pytest.mark.parametrize(
    ("statistic", "values"),
    [("Avg", [9, 6]), ("Min", [8, 5]), ("Max", [10, 7]), ("Count", [3, 3]), ("Last", [8, 5])],
)
def test_series_by_minute(
    local_aws: Server, component: str, statistic: str, values: list[float]
) -> None:
    by_minute = {"XAxisType": "Timestamp", "Period": "OneMinute", "MetricStat": statistic}
    series = query(local_aws, component, **by_minute)
    assert series["XAxisValues"] == [BEGAN, BEGAN + 60]
    assert series["MetricValues"] == values


def test_an_unreadable_metric_fails_its_query_only(local_aws: Server, component: str) -> None:
    stranger = component.replace("measured", "unknown")
    assert query(local_aws, stranger)["Status"] == "ValidationError"
    assert query(local_aws, component, XAxisType="Timestamp")["Status"] == "ValidationError"
    assert query(local_aws, component, MetricName="other")["MetricValues"] == []


def test_metrics_of_an_unknown_component_are_answered_by_metric(
    local_aws: Server, unique: Unique
) -> None:
    """The operation itself does not fail: the response has an error for each metric."""
    client = local_aws.client("sagemaker-metrics")
    data = [{"MetricName": name, "Timestamp": 1, "Value": 1.0} for name in "ab"]
    answer = client.batch_put_metrics(TrialComponentName=unique("unknown"), MetricData=data)
    assert answer["Errors"] == [
        {"Code": "VALIDATION_ERROR", "MetricIndex": number} for number in range(2)
    ]


def test_a_value_without_statistics_is_refused_and_hides_no_other(
    local_aws: Server, sagemaker: Any, unique: Unique
) -> None:
    """The square of 1e308 is beyond a double, and would fail every Describe of its component."""
    name = unique("large")
    sagemaker.create_trial_component(TrialComponentName=name)
    data = [{"MetricName": "loss", "Timestamp": 1, "Value": value} for value in (1e308, 1.0)]
    client = local_aws.client("sagemaker-metrics")
    answer = client.batch_put_metrics(TrialComponentName=name, MetricData=data)
    assert answer["Errors"] == [{"Code": "VALIDATION_ERROR", "MetricIndex": 0}]
    (metric,) = sagemaker.describe_trial_component(TrialComponentName=name)["Metrics"]
    assert (metric["Count"], metric["Max"]) == (1, 1.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_that_is_not_a_number_is_refused(
    local_aws: Server, sagemaker: Any, component: str, value: float
) -> None:
    client = local_aws.client("sagemaker-metrics")
    data = [{"MetricName": "loss", "Timestamp": 1, "Value": value}]
    request = {"TrialComponentName": component.rpartition("/")[2], "MetricData": data}
    assert refusal(client.batch_put_metrics, **request)[0] == "SerializationException"
    request = {"TrialComponentName": unique_name(component)}
    parameters = {"x": {"NumberValue": value}}
    code, _ = refusal(sagemaker.create_trial_component, **request, Parameters=parameters)
    assert code == "SerializationException"


def unique_name(component: str) -> str:
    return f"{component.rpartition('/')[2]}-other"
