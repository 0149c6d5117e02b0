"""The traffic of endpoints in the last hour, in few calls."""

from __future__ import annotations

from typing import Any

from prodml.studio.traffic import QUERIES, traffic_of

from tests.plugins.answers import Answers

# Requests, errors of clients and of the server, and latency in microseconds, by variant.
MEASURED = {
    "Blue": {
        "Invocations": [60.0, 30.0],
        "Invocation4XXErrors": [2.0],
        "Invocation5XXErrors": [1.0],
        "ModelLatency": [10_000.0],
    },
    "Green": {"Invocations": [10.0], "ModelLatency": [30_000.0]},
}


def _data(**request: Any) -> dict[str, Any]:
    results = []
    for query in request["MetricDataQueries"]:
        metric = query["MetricStat"]["Metric"]
        variant = metric["Dimensions"][1]["Value"]
        values = MEASURED.get(variant, {}).get(metric["MetricName"], [])
        results.append({"Id": query["Id"], "Values": values})
    return {"MetricDataResults": results}


def _endpoint(name: str, *variants: str) -> dict[str, Any]:
    named = [{"VariantName": variant} for variant in variants]
    return {"EndpointName": name, "ProductionVariants": named}


def test_variants_are_added_and_their_latency_is_weighted_by_requests() -> None:
    aws: Any = Answers(get_metric_data=_data)
    assert traffic_of(aws, [_endpoint("churn", "Blue", "Green")]) == {
        "churn": {"minutes": 60, "requests": 100, "errors": 3, "latency_ms": 12.0}
    }
    ((_, request),) = aws.calls
    assert (request["EndTime"] - request["StartTime"]).total_seconds() == 3600
    assert {query["MetricStat"]["Period"] for query in request["MetricDataQueries"]} == {3600}


def test_an_endpoint_without_requests_has_no_latency() -> None:
    aws: Any = Answers(get_metric_data=_data)
    quiet = {"minutes": 60, "requests": 0, "errors": 0, "latency_ms": None}
    starting = {"EndpointName": "new"}
    assert traffic_of(aws, [_endpoint("idle", "Red"), starting]) == {"idle": quiet, "new": quiet}


def test_many_endpoints_are_asked_in_calls_that_aws_takes() -> None:
    aws: Any = Answers(get_metric_data=_data)
    names = [f"e{number}" for number in range(130)]
    traffic = traffic_of(aws, [_endpoint(name, "Blue") for name in names])
    sizes = [len(request["MetricDataQueries"]) for _, request in aws.calls]
    assert sizes == [QUERIES, 4 * len(names) - QUERIES]
    assert {one["requests"] for one in traffic.values()} == {90}
    assert traffic_of(aws, []) == {}
