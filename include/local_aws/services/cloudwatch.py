"""CloudWatch metrics: published, listed, summed up."""

from __future__ import annotations

from collections import Counter

from include.local_aws.context import Aws
from include.local_aws.registry import operation
from include.local_aws.scaling import queries
from include.local_aws.scaling.metrics import Point, Summary, is_statistic
from include.local_aws.services import alarms  # noqa: F401  (registers the alarm operations)
from include.local_aws.store import Doc
from include.local_aws.wire import paging
from include.local_aws.wire.errors import AwsError

Series = dict[float, float]


@operation("cloudwatch", "PutMetricData")
def put_metric_data(aws: Aws, request: Doc) -> Doc:
    if request["Namespace"].startswith("AWS/"):
        raise _invalid("The value AWS/ for parameter Namespace is invalid.")
    namespace = request["Namespace"]
    aws.metrics.put_points([_point(aws, namespace, d) for d in request.get("MetricData", [])])
    return {}


def _point(aws: Aws, namespace: str, datum: Doc) -> Point:
    at = datum.get("Timestamp", aws.clock.now())
    unit = datum.get("Unit", "None")
    dimensions = _dimensions(datum)
    return Point(namespace, datum["MetricName"], dimensions, at, _summary(datum), unit)


def _summary(datum: Doc) -> Summary:
    if stats := datum.get("StatisticValues"):
        bounds = (stats["Minimum"], stats["Maximum"])
        # Percentiles of a statistic set exist only where they cannot be wrong.
        known = Counter({stats["Sum"]: 1.0}) if stats["SampleCount"] == 1 else Counter()
        return Summary(stats["Sum"], stats["SampleCount"], *bounds, known)
    summary = Summary()
    values = datum.get("Values", [datum["Value"]] if "Value" in datum else [])
    if not values:
        raise _invalid(f"Metric {datum['MetricName']} has no Value, Values or StatisticValues.")
    counts = datum.get("Counts", [1.0] * len(values))
    if len(counts) != len(values):
        raise _invalid("The parameters Values and Counts must be of the same size.")
    for value, count in zip(values, counts, strict=True):
        summary.add(value, count)
    return summary


@operation("cloudwatch", "GetMetricStatistics")
def get_metric_statistics(aws: Aws, request: Doc) -> Doc:
    statistics = request.get("Statistics", [])
    extended = request.get("ExtendedStatistics", [])
    if not statistics and not extended:
        raise AwsError("MissingParameter", "Must specify either Statistics or ExtendedStatistics")
    if wrong := [name for name in [*statistics, *extended] if not is_statistic(name)]:
        raise _invalid(queries.unknown_statistic(wrong[0]))
    found = aws.metrics.series(
        request["Namespace"],
        request["MetricName"],
        _dimensions(request),
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
        raise _invalid(wrong)
    periods = [query["MetricStat"]["Period"] for query in asked if "MetricStat" in query]
    span = (_floor(request["StartTime"], max(periods, default=60)), request["EndTime"])
    known = queries.run(aws.metrics, asked, span, float)
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
        for namespace, name, dimensions in aws.metrics.names(
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


def _dimensions(request: Doc) -> dict[str, str]:
    return {d["Name"]: d["Value"] for d in request.get("Dimensions", [])}


def _floor(at: float, period: float) -> float:
    """CloudWatch rounds the start down to a whole period."""
    return at // period * period


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterValue", message)
