"""Read the traffic of endpoints from CloudWatch, all in one call for every 100 endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from prodml.aws.client import Clients
from prodml.aws.retries import with_retries
from prodml.studio.contracts import Traffic
from prodml.vocabulary import ENDPOINT_METRICS, Json, dimensions

MINUTES = 60
QUERIES = 500  # the most of a GetMetricData
METRICS = {
    "requests": ("Invocations", "Sum"),
    "client": ("Invocation4XXErrors", "Sum"),
    "server": ("Invocation5XXErrors", "Sum"),
    "latency": ("ModelLatency", "Average"),
}


def traffic_of(aws: Clients, endpoints: Sequence[Json]) -> dict[str, Traffic]:
    """Return the traffic of the last hour by endpoint; that of all variants together."""
    end = datetime.now(UTC).replace(second=0, microsecond=0)
    queries = [query for endpoint in endpoints for query in _queries(endpoint)]
    ids = {f"q{n}": query for n, query in enumerate(queries)}
    names = list(ids)
    values: dict[tuple[str, str, str], float] = {}
    for at in range(0, len(names), QUERIES):
        response = with_retries(
            aws.client("cloudwatch").get_metric_data,
            StartTime=end - timedelta(minutes=MINUTES),
            EndTime=end,
            MetricDataQueries=[_query(name, *ids[name]) for name in names[at : at + QUERIES]],
        )
        for result in response["MetricDataResults"]:
            values[ids[result["Id"]]] = sum(result["Values"])
    return {endpoint["EndpointName"]: _traffic(endpoint, values) for endpoint in endpoints}


def _queries(endpoint: Json) -> Iterator[tuple[str, str, str]]:
    for variant in endpoint.get("ProductionVariants", []):
        for metric in METRICS:
            yield endpoint["EndpointName"], variant["VariantName"], metric


def _query(name: str, endpoint: str, variant: str, metric: str) -> Json:
    measured, statistic = METRICS[metric]
    place = {"EndpointName": endpoint, "VariantName": variant}
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


def _traffic(endpoint: Json, values: dict[tuple[str, str, str], float]) -> Traffic:
    name = endpoint["EndpointName"]
    requests = errors = weighted = 0.0
    for variant in (v["VariantName"] for v in endpoint.get("ProductionVariants", [])):
        served = values.get((name, variant, "requests"), 0.0)
        requests += served
        errors += sum(values.get((name, variant, kind), 0.0) for kind in ("client", "server"))
        weighted += served * values.get((name, variant, "latency"), 0.0)
    return {
        "minutes": MINUTES,
        "requests": round(requests),
        "errors": round(errors),
        "latency_ms": weighted / requests / 1000 if requests else None,
    }
