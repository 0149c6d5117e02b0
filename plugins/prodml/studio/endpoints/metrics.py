"""Read the metrics of an endpoint's variants over time, by one GetMetricData call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from prodml.aws.client import Clients
from prodml.aws.retries import pages
from prodml.studio.moments import milliseconds
from prodml.vocabulary import ENDPOINT_METRICS, Json, dimensions

INSTANCE_METRICS = "/aws/sagemaker/Endpoints"
MOST_POINTS = 360  # of a series; more than a picture's pixels show nothing
PERIODS = (60, 300, 900, 3600, 21600, 86400)  # seconds
FINE, MEDIUM = timedelta(days=15), timedelta(days=63)  # CloudWatch keeps 1 and 5 minutes so long
MOST_VARIANTS = 30  # 500 queries are one call


class Measure(NamedTuple):
    """A metric with a statistic, and the factor that gives *unit*."""

    metric: str
    statistic: str
    unit: str
    factor: float = 1.0
    namespace: str = ENDPOINT_METRICS


MEASURES = (
    Measure("Invocations", "Sum", "requests"),
    Measure("InvocationsPerInstance", "Sum", "requests"),
    Measure("Invocation4XXErrors", "Sum", "requests"),
    Measure("Invocation5XXErrors", "Sum", "requests"),
    *(
        Measure(name, statistic, "ms", 0.001)
        for name in ("ModelLatency", "OverheadLatency")
        for statistic in ("p50", "p90", "p99")
    ),
    Measure("CPUUtilization", "Average", "%", namespace=INSTANCE_METRICS),
    Measure("MemoryUtilization", "Average", "%", namespace=INSTANCE_METRICS),
)


class Series(TypedDict):
    """One statistic of one variant; *x* is in milliseconds since 1970."""

    variant: str
    metric: str
    statistic: str
    unit: str
    x: list[int]
    y: list[float]


class EndpointMetrics(TypedDict):
    """The series of all variants; *period* is in seconds."""

    start: int
    end: int
    period: int
    series: list[Series]


def endpoint_metrics(
    aws: Clients, endpoint: str, variants: Sequence[str], start: datetime, end: datetime
) -> EndpointMetrics:
    """Return every measure of *variants* from *start* to *end*; some may be empty."""
    period = period_of(start, end)
    asked = [(name, measure) for name in variants[:MOST_VARIANTS] for measure in MEASURES]
    series: list[Series] = [
        {
            "variant": variant,
            "metric": measure.metric,
            "statistic": measure.statistic,
            "unit": measure.unit,
            "x": [],
            "y": [],
        }
        for variant, measure in asked
    ]
    if asked:
        queries = [_query(n, endpoint, *one, period) for n, one in enumerate(asked)]
        for page in pages(
            aws.client("cloudwatch").get_metric_data,
            MetricDataQueries=queries,
            StartTime=start,
            EndTime=end,
            ScanBy="TimestampAscending",
        ):
            for result in page["MetricDataResults"]:
                number = int(result["Id"][1:])
                factor = asked[number][1].factor
                series[number]["x"] += [milliseconds(at) for at in result["Timestamps"]]
                series[number]["y"] += [round(factor * value, 4) for value in result["Values"]]
    return {
        "start": milliseconds(start),
        "end": milliseconds(end),
        "period": period,
        "series": series,
    }


def period_of(start: datetime, end: datetime) -> int:
    """Return the shortest period that CloudWatch still has for *start*, and a picture can show."""
    age = datetime.now(start.tzinfo) - start
    kept = 60 if age < FINE else 300 if age < MEDIUM else 3600
    seconds = (end - start).total_seconds()
    fitting = (p for p in PERIODS if p >= kept and seconds / p <= MOST_POINTS)
    return next(fitting, PERIODS[-1])


def _query(number: int, endpoint: str, variant: str, measure: Measure, period: int) -> Json:
    metric = {
        "Namespace": measure.namespace,
        "MetricName": measure.metric,
        "Dimensions": dimensions({"EndpointName": endpoint, "VariantName": variant}),
    }
    return {
        "Id": f"m{number}",
        "MetricStat": {"Metric": metric, "Period": period, "Stat": measure.statistic},
    }
