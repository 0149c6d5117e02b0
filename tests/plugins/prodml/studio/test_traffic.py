"""The traffic of endpoints in the last hour, in few calls."""

from __future__ import annotations

from typing import Any

from prodml.studio.traffic import QUERIES, traffic_of, variants_of

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
        variant = metric["Dimensions"][-1]["Value"]
        values = MEASURED.get(variant, {}).get(metric["MetricName"], [])
        results.append({"Id": query["Id"], "Values": values})
    return {"MetricDataResults": results}


def _variants(name: str, *variants: str) -> list[dict[str, str]]:
    named = [{"VariantName": variant} for variant in variants]
    return variants_of({"EndpointName": name, "ProductionVariants": named})


def test_variants_are_added_and_their_latency_is_weighted_by_requests() -> None:
    aws: Any = Answers(get_metric_data=_data)
    assert traffic_of(aws, {"churn": _variants("churn", "Blue", "Green")}) == {
        "churn": {"minutes": 60, "requests": 100, "errors": 3, "latency_ms": 12.0}
    }
    ((_, request),) = aws.calls
    assert (request["EndTime"] - request["StartTime"]).total_seconds() == 3600
    assert {query["MetricStat"]["Period"] for query in request["MetricDataQueries"]} == {3600}


def test_an_endpoint_without_requests_has_no_latency() -> None:
    aws: Any = Answers(get_metric_data=_data)
    quiet = {"minutes": 60, "requests": 0, "errors": 0, "latency_ms": None}
    starting = variants_of({"EndpointName": "new"})
    places = {"idle": _variants("idle", "Red"), "new": starting}
    assert traffic_of(aws, places) == {"idle": quiet, "new": quiet}


def test_a_component_is_a_place_of_its_own() -> None:
    aws: Any = Answers(get_metric_data=_data)
    places = {"wine": [{"InferenceComponentName": "Green"}]}
    assert traffic_of(aws, places)["wine"]["latency_ms"] == 30.0


def test_many_endpoints_are_asked_in_calls_that_aws_takes() -> None:
    aws: Any = Answers(get_metric_data=_data)
    names = [f"e{number}" for number in range(130)]
    traffic = traffic_of(aws, {name: _variants(name, "Blue") for name in names})
    sizes = [len(request["MetricDataQueries"]) for _, request in aws.calls]
    assert sizes == [QUERIES, 4 * len(names) - QUERIES]
    assert {one["requests"] for one in traffic.values()} == {90}
    assert traffic_of(aws, {}) == {}
