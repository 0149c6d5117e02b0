"""Operations on CloudWatch metrics: publish, list and aggregate."""

from __future__ import annotations

import math

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError
from . import queries
from .metric_data import dimensions_of, invalid, is_period, period_problem, points, wrong
from .metrics import Metrics, Summary, is_statistic

MOST_POINTS = 1440  # datapoints of GetMetricStatistics
RECENT = 3 * 3600  # seconds: RecentlyActive


@operation("cloudwatch", "PutMetricData")
def put_metric_data(aws: Aws, request: Doc) -> Doc:
    if request["Namespace"].startswith("AWS/"):
        raise invalid("The value AWS/ for parameter Namespace is invalid.")
    aws.part(Metrics).put_points(points(request, aws.clock.now()))
    return {}


@operation("cloudwatch", "GetMetricStatistics")
def get_metric_statistics(aws: Aws, request: Doc) -> Doc:
    statistics = request.get("Statistics", [])
    extended = request.get("ExtendedStatistics", [])
    _check_statistics(statistics, extended)
    _check_span(request)
    summaries = aws.part(Metrics).series(
        request["Namespace"],
        request["MetricName"],
        dimensions_of(request),
        start=queries.floor(request["StartTime"], request["Period"]),
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
            for at, summary in summaries.items()
        ],
    }


def _check_statistics(statistics: list[str], extended: list[str]) -> None:
    if not statistics and not extended:
        raise AwsError("MissingParameter", "Must specify either Statistics or ExtendedStatistics")
    if statistics and extended:
        message = "Must specify either Statistics or ExtendedStatistics, but not both"
        raise AwsError("InvalidParameterCombination", message)
    if unknown := [name for name in [*statistics, *extended] if not is_statistic(name)]:
        raise invalid(queries.unknown_statistic(unknown[0]))


def _check_span(request: Doc) -> None:
    start, end, period = request["StartTime"], request["EndTime"], request["Period"]
    if not start < end:
        raise invalid("The parameter StartTime must be less than the parameter EndTime.")
    if not is_period(period):
        raise invalid(period_problem(period))
    if (count := math.ceil((end - start) / period)) > MOST_POINTS:
        raise AwsError(
            "InvalidParameterCombination",
            f"You have requested up to {count:,} datapoints, which exceeds the limit of "
            f"{MOST_POINTS:,}. You may reduce the datapoints requested by increasing Period, or "
            "decreasing the time range.",
        )


def _extended(summary: Summary, names: list[str]) -> dict[str, float]:
    values = {name: summary.statistic(name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


@operation("cloudwatch", "ListMetrics")
def list_metrics(aws: Aws, request: Doc) -> Doc:
    wanted = request.get("Dimensions", [])
    since = aws.clock.now() - RECENT if "RecentlyActive" in request else 0.0
    metrics = [
        {
            "Namespace": namespace,
            "MetricName": name,
            "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
        }
        for namespace, name, dimensions in aws.part(Metrics).names(
            request.get("Namespace"), request.get("MetricName"), since
        )
        if all(
            d.get("Value", dimensions.get(d["Name"])) == dimensions.get(d["Name"])
            and d["Name"] in dimensions
            for d in wanted
        )
    ]
    try:
        metrics, token = paging.page(metrics, request, 500)
    except AwsError:
        raise wrong(request["NextToken"], "NextToken") from None
    return {"Metrics": metrics, "NextToken": token}
