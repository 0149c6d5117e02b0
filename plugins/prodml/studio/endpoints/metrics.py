"""Read the metrics of an endpoint's variants or components over time, by one GetMetricData call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from prodml.aws.client import Clients
from prodml.aws.retries import pages
from prodml.studio.moments import milliseconds
from prodml.vocabulary import ENDPOINT_METRICS, Json, dimensions

INSTANCE_METRICS = "/aws/sagemaker/Endpoints"
COPY_METRICS = "/aws/sagemaker/InferenceComponents"
MOST_POINTS = 360  # of a series; more than a picture's pixels show nothing
PERIODS = (60, 300, 900, 3600, 21600, 86400)  # seconds
FINE, MEDIUM = timedelta(days=15), timedelta(days=63)  # CloudWatch keeps 1 and 5 minutes so long
MOST_NAMES = 30  # 500 queries are one call


class Measure(NamedTuple):
    """A metric with a statistic, and the factor that gives *unit*."""

    metric: str
    statistic: str
    unit: str
    factor: float = 1.0
    namespace: str = ENDPOINT_METRICS


REQUESTS = tuple(
    Measure(name, "Sum", "requests")
    for name in ("Invocations", "Invocation4XXErrors", "Invocation5XXErrors")
)
LATENCIES = tuple(
    Measure(name, statistic, "ms", 0.001)
    for name in ("ModelLatency", "OverheadLatency")
    for statistic in ("p50", "p90", "p99")
)
MEASURES = (
    Measure("InvocationsPerInstance", "Sum", "requests"),
    *(*REQUESTS, *LATENCIES),
    Measure("CPUUtilization", "Average", "%", namespace=INSTANCE_METRICS),
    Measure("MemoryUtilization", "Average", "%", namespace=INSTANCE_METRICS),
)
COMPONENT_MEASURES = (
    Measure("InvocationsPerCopy", "Sum", "requests"),
    Measure("NoCapacityInvocationFailures", "Sum", "requests"),
    *(*REQUESTS, *LATENCIES),
    Measure("CPUUtilizationNormalized", "Average", "%", namespace=COPY_METRICS),
    Measure("MemoryUtilizationNormalized", "Average", "%", namespace=COPY_METRICS),
)


class Series(TypedDict):
    """One statistic of what is *served*, a variant or an inference component, by its name.

    *x* is in milliseconds since 1970.
    """

    served: str
    metric: str
    statistic: str
    unit: str
    x: list[int]
    y: list[float]


class EndpointMetrics(TypedDict):
    """The series of all variants or components; *period* is in seconds."""

    start: int
    end: int
    period: int
    series: list[Series]


class Query(NamedTuple):
    """A measure of a variant or component *name*, which has the *dimensions*."""

    name: str
    dimensions: Mapping[str, str]
    measure: Measure


def endpoint_metrics(
    aws: Clients, endpoint: str, variants: Sequence[str], start: datetime, end: datetime
) -> EndpointMetrics:
    """Return every measure of *variants* from *start* to *end*; some may be empty."""
    asked = [
        Query(name, {"EndpointName": endpoint, "VariantName": name}, measure)
        for name in variants[:MOST_NAMES]
        for measure in MEASURES
    ]
    return _measured(aws, asked, start, end)


def component_metrics(
    aws: Clients, components: Sequence[str], start: datetime, end: datetime
) -> EndpointMetrics:
    """Return every measure of inference *components*, as :func:`endpoint_metrics` does.

    Their CPU and memory are percentages of the instance that holds a copy.
    """
    asked = [
        Query(name, {"InferenceComponentName": name}, measure)
        for name in components[:MOST_NAMES]
        for measure in COMPONENT_MEASURES
    ]
    return _measured(aws, asked, start, end)


def _measured(
    aws: Clients, asked: Sequence[Query], start: datetime, end: datetime
) -> EndpointMetrics:
    period = period_of(start, end)
    series = [_series(query) for query in asked]
    if asked:
        for page in pages(
            aws.client("cloudwatch").get_metric_data,
            MetricDataQueries=[_query(n, query, period) for n, query in enumerate(asked)],
            StartTime=start,
            EndTime=end,
            ScanBy="TimestampAscending",
        ):
            for result in page["MetricDataResults"]:
                number = int(result["Id"][1:])
                factor = asked[number].measure.factor
                series[number]["x"] += [milliseconds(at) for at in result["Timestamps"]]
                series[number]["y"] += [round(factor * value, 4) for value in result["Values"]]
    return {
        "start": milliseconds(start),
        "end": milliseconds(end),
        "period": period,
        "series": series,
    }


def _series(query: Query) -> Series:
    name, _, measure = query
    return {
        "served": name,
        "metric": measure.metric,
        "statistic": measure.statistic,
        "unit": measure.unit,
        "x": [],
        "y": [],
    }


def period_of(start: datetime, end: datetime) -> int:
    """Return the shortest period that CloudWatch still has for *start*, and a picture can show."""
    age = datetime.now(start.tzinfo) - start
    kept = 60 if age < FINE else 300 if age < MEDIUM else 3600
    seconds = (end - start).total_seconds()
    fitting = (p for p in PERIODS if p >= kept and seconds / p <= MOST_POINTS)
    return next(fitting, PERIODS[-1])


def _query(number: int, query: Query, period: int) -> Json:
    metric = {
        "Namespace": query.measure.namespace,
        "MetricName": query.measure.metric,
        "Dimensions": dimensions(query.dimensions),
    }
    return {
        "Id": f"m{number}",
        "MetricStat": {"Metric": metric, "Period": period, "Stat": query.measure.statistic},
    }
