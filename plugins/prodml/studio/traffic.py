"""Read the traffic of endpoints and inference components, in a call for every 100 of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from prodml.aws.client import Clients
from prodml.aws.retries import with_retries
from prodml.studio.contracts import Traffic
from prodml.vocabulary import ENDPOINT_METRICS, Json, dimensions

MINUTES = 60
QUERIES = 500  # the most of a GetMetricData
Place = dict[str, str]
METRICS = {
    "requests": ("Invocations", "Sum"),
    "client": ("Invocation4XXErrors", "Sum"),
    "server": ("Invocation5XXErrors", "Sum"),
    "latency": ("ModelLatency", "Average"),
}


def traffic_of(aws: Clients, places: Mapping[str, Sequence[Place]]) -> dict[str, Traffic]:
    """Return the traffic of the last hour by name; that of all *places* of a name together.

    :param places: The dimensions of the variants of each endpoint, or of each component.
    """
    end = datetime.now(UTC).replace(second=0, microsecond=0)
    queries = [(n, at, m) for n, own in places.items() for at in range(len(own)) for m in METRICS]
    ids = {f"q{number}": query for number, query in enumerate(queries)}
    asked = [_query(key, places[n][at], metric) for key, (n, at, metric) in ids.items()]
    values: dict[tuple[str, int, str], float] = {}
    for first in range(0, len(asked), QUERIES):
        response = with_retries(
            aws.client("cloudwatch").get_metric_data,
            StartTime=end - timedelta(minutes=MINUTES),
            EndTime=end,
            MetricDataQueries=asked[first : first + QUERIES],
        )
        for result in response["MetricDataResults"]:
            values[ids[result["Id"]]] = sum(result["Values"])
    return {name: _traffic(name, len(own), values) for name, own in places.items()}


def variants_of(endpoint: Json) -> list[Place]:
    """Return the dimensions of the metrics of a described endpoint's variants."""
    names = [variant["VariantName"] for variant in endpoint.get("ProductionVariants", [])]
    return [{"EndpointName": endpoint["EndpointName"], "VariantName": name} for name in names]


def _query(name: str, place: Place, metric: str) -> Json:
    measured, statistic = METRICS[metric]
    return {
        "Id": name,
        "MetricStat": {
            "Metric": {
                "Namespace": ENDPOINT_METRICS,
                "MetricName": measured,
                "Dimensions": dimensions(place),
            },
            "Period": MINUTES * 60,
            "Stat": statistic,
        },
    }


def _traffic(name: str, places: int, values: Mapping[tuple[str, int, str], float]) -> Traffic:
    requests = errors = weighted = 0.0
    for at in range(places):
        served = values.get((name, at, "requests"), 0.0)
        requests += served
        errors += sum(values.get((name, at, kind), 0.0) for kind in ("client", "server"))
        weighted += served * values.get((name, at, "latency"), 0.0)
    return {
        "minutes": MINUTES,
        "requests": round(requests),
        "errors": round(errors),
        "latency_ms": weighted / requests / 1000 if requests else None,
    }
