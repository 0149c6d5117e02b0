"""The series of an endpoint's metrics, in the units and the period of a picture."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.studio.endpoints.metrics import (
    COMPONENT_MEASURES,
    MEASURES,
    MOST_NAMES,
    component_metrics,
    endpoint_metrics,
    period_of,
)

from tests.plugins.answers import Answers

NOW = datetime.now(UTC).replace(microsecond=0)
BEGAN = NOW - timedelta(hours=1)


def _measured(NextToken: str = "", **request: Any) -> dict[str, Any]:  # noqa: N803
    """Return a value of each query in each of two pages."""
    at = BEGAN + timedelta(minutes=1 if NextToken else 0)
    results = [
        {"Id": query["Id"], "Timestamps": [at], "Values": [20_000.0]}
        for query in request["MetricDataQueries"]
    ]
    return {"MetricDataResults": results} | ({} if NextToken else {"NextToken": "more"})


def test_pages_are_joined_and_latency_is_in_milliseconds() -> None:
    aws: Any = Answers(get_metric_data=_measured)
    measured = endpoint_metrics(aws, "churn", ["Blue", "Green"], BEGAN, NOW)
    series = {(s["served"], s["metric"], s["statistic"]): s for s in measured["series"]}
    assert len(series) == 2 * len(MEASURES)
    began = round(BEGAN.timestamp() * 1000)
    latency = series["Green", "ModelLatency", "p99"]
    assert (latency["x"], latency["y"]) == ([began, began + 60_000], [20.0, 20.0])
    assert series["Blue", "Invocations", "Sum"]["y"] == [20_000.0, 20_000.0]
    assert (measured["start"], measured["end"]) == (began, began + 3_600_000)


def test_a_query_names_the_variant_and_the_namespace_of_its_metric() -> None:
    aws: Any = Answers(get_metric_data=_measured)
    endpoint_metrics(aws, "churn", ["Blue"], BEGAN, NOW)
    _, request = aws.calls[0]
    stats = {
        query["MetricStat"]["Metric"]["MetricName"]: query["MetricStat"]
        for query in request["MetricDataQueries"]
    }
    assert stats["CPUUtilization"]["Metric"]["Namespace"] == "/aws/sagemaker/Endpoints"
    assert stats["Invocations"] == {
        "Metric": {
            "Namespace": "AWS/SageMaker",
            "MetricName": "Invocations",
            "Dimensions": [
                {"Name": "EndpointName", "Value": "churn"},
                {"Name": "VariantName", "Value": "Blue"},
            ],
        },
        "Period": 60,
        "Stat": "Sum",
    }


def test_the_queries_of_many_variants_are_one_call_that_aws_takes() -> None:
    aws: Any = Answers(get_metric_data={"MetricDataResults": []})
    names = [f"v{number}" for number in range(MOST_NAMES + 5)]
    endpoint_metrics(aws, "churn", names, BEGAN, NOW)
    ((_, request),) = aws.calls
    assert len(request["MetricDataQueries"]) == MOST_NAMES * len(MEASURES) <= 500


def test_components_have_their_own_dimension_and_measures() -> None:
    aws: Any = Answers(get_metric_data=_measured)
    names = [f"c{number}" for number in range(MOST_NAMES + 5)]
    measured = component_metrics(aws, names, BEGAN, NOW)
    queries = [query["MetricStat"]["Metric"] for query in aws.calls[0][1]["MetricDataQueries"]]
    assert len(queries) == MOST_NAMES * len(COMPONENT_MEASURES) <= 500
    places = [metric["Dimensions"] for metric in queries]
    assert places[0] == [{"Name": "InferenceComponentName", "Value": "c0"}]
    namespaces = {metric["MetricName"]: metric["Namespace"] for metric in queries}
    assert namespaces["CPUUtilizationNormalized"] == "/aws/sagemaker/InferenceComponents"
    assert namespaces["InvocationsPerCopy"] == "AWS/SageMaker"
    assert measured["series"][-1]["served"] == f"c{MOST_NAMES - 1}"


def test_without_variants_nothing_is_asked() -> None:
    aws: Any = Answers()
    assert endpoint_metrics(aws, "churn", [], BEGAN, NOW)["series"] == []


def test_the_period_grows_with_the_time_that_a_picture_shows() -> None:
    now = datetime.now(UTC)
    assert period_of(now - timedelta(hours=3), now) == 60
    assert period_of(now - timedelta(days=1), now) == 300
    assert period_of(now - timedelta(days=14), now) == 3600
    month = now - timedelta(days=30)
    assert period_of(month, month + timedelta(hours=1)) == 300, "minutes are gone by then"
