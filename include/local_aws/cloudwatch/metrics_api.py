"""CloudWatch metrics: published, listed, summed up."""

from __future__ import annotations

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError
from . import alarms_api, queries  # noqa: F401  (registers the alarm operations)
from .metric_data import dimensions_of, invalid, point
from .metrics import Metrics, Summary, is_statistic

Series = dict[float, float]


@operation("cloudwatch", "PutMetricData")
def put_metric_data(aws: Aws, request: Doc) -> Doc:
    if request["Namespace"].startswith("AWS/"):
        raise invalid("The value AWS/ for parameter Namespace is invalid.")
    namespace = request["Namespace"]
    data = request.get("MetricData", [])
    aws.part(Metrics).put_points([point(namespace, datum, aws.clock.now()) for datum in data])
    return {}


@operation("cloudwatch", "GetMetricStatistics")
def get_metric_statistics(aws: Aws, request: Doc) -> Doc:
    statistics = request.get("Statistics", [])
    extended = request.get("ExtendedStatistics", [])
    if not statistics and not extended:
        raise AwsError("MissingParameter", "Must specify either Statistics or ExtendedStatistics")
    if wrong := [name for name in [*statistics, *extended] if not is_statistic(name)]:
        raise invalid(queries.unknown_statistic(wrong[0]))
    found = aws.part(Metrics).series(
        request["Namespace"],
        request["MetricName"],
        dimensions_of(request),
        start=_floor(request["StartTime"], request["Period"]),
        end=request["EndTime"],
        period=request["Period"],
        unit=request.get("Unit"),
    )
    return {
        "Label": request["MetricName"],
        "Datapoints": [
            {"Timestamp": at, "Unit": summary.unit}
            | {name: summary.statistic(name) for name in statistics}
            | ({"ExtendedStatistics": _extended(summary, extended)} if extended else {})
            for at, summary in found.items()
        ],
    }


def _extended(summary: Summary, names: list[str]) -> dict[str, float]:
    values = {name: summary.statistic(name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


@operation("cloudwatch", "GetMetricData")
def get_metric_data(aws: Aws, request: Doc) -> Doc:
    """Metrics and arithmetic on them; results come newest first unless told otherwise."""
    asked = request["MetricDataQueries"]
    if wrong := queries.unanswerable(asked):
        raise invalid(wrong)
    periods = [query["MetricStat"]["Period"] for query in asked if "MetricStat" in query]
    span = (_floor(request["StartTime"], max(periods, default=60)), request["EndTime"])
    known = queries.run(aws.part(Metrics), asked, span, float)
    newest_first = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    return {
        "MetricDataResults": [
            _result(query, known[query["Id"]], newest_first)
            for query in asked
            if query.get("ReturnData", True)
        ],
        "Messages": [],
    }


def _result(query: Doc, series: Series, newest_first: bool) -> Doc:
    metric = query.get("MetricStat", {}).get("Metric", {}).get("MetricName")
    times = sorted(series, reverse=newest_first)
    return {
        "Id": query["Id"],
        "Label": query.get("Label") or metric or query["Id"],
        "Timestamps": times,
        "Values": [series[at] for at in times],
        "StatusCode": "Complete",
    }


@operation("cloudwatch", "ListMetrics")
def list_metrics(aws: Aws, request: Doc) -> Doc:
    wanted = request.get("Dimensions", [])
    found = [
        {
            "Namespace": namespace,
            "MetricName": name,
            "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
        }
        for namespace, name, dimensions in aws.part(Metrics).names(
            request.get("Namespace"), request.get("MetricName")
        )
        if all(
            d.get("Value", dimensions.get(d["Name"])) == dimensions.get(d["Name"])
            and d["Name"] in dimensions
            for d in wanted
        )
    ]
    metrics, token = paging.page(found, request, 500)
    return {"Metrics": metrics, "NextToken": token}


def _floor(at: float, period: float) -> float:
    """CloudWatch rounds the start down to a whole period."""
    return at // period * period
