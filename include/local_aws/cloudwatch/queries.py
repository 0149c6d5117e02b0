"""Metric data queries: metrics, and arithmetic on them, of GetMetricData and of alarms."""

from __future__ import annotations

from collections.abc import Callable

from ..core.store import Doc
from ..wire.errors import AwsError
from .metric_math import Series, evaluate
from .metrics import STATISTICS, Metrics, is_statistic

Span = tuple[float, float]


def run(
    metrics: Metrics, queries: list[Doc], span: Span, real: Callable[[float], float]
) -> dict[str, Series]:
    """Return every query's series by id; *real* converts a period to its real seconds."""
    known = {
        query["Id"]: measured(metrics, query["MetricStat"], span, real)
        for query in queries
        if "MetricStat" in query
    }
    for query in queries:
        if "MetricStat" not in query:
            known[query["Id"]] = evaluate(query.get("Expression", ""), known)
    return known


def problem(queries: list[Doc]) -> str | None:
    """Return the reason why *queries* do not give one value per period; None if they do."""
    if len([query for query in queries if query.get("ReturnData", True)]) != 1:
        return "Exactly one element of Metrics must return data."
    periods = {query["MetricStat"]["Period"] for query in queries if "MetricStat" in query}
    if len(periods) != 1:
        return f"The metrics need one common period, not {sorted(periods)}."
    if wrong := unanswerable(queries):
        return wrong
    known: dict[str, Series] = {query["Id"]: {} for query in queries if "MetricStat" in query}
    try:
        for query in queries:
            if "MetricStat" not in query:
                known[query["Id"]] = evaluate(query.get("Expression", ""), known)
    except AwsError as error:
        return error.message
    return None


def unanswerable(queries: list[Doc]) -> str | None:
    """Return the error of the first query with an incomplete metric or an unknown statistic."""
    for stat in (query["MetricStat"] for query in queries if "MetricStat" in query):
        if not {"Namespace", "MetricName"} <= stat["Metric"].keys():
            return "A metric needs a Namespace and a MetricName."
        if not is_statistic(stat["Stat"]):
            return unknown_statistic(stat["Stat"])
    return None


def unknown_statistic(name: str) -> str:
    known = ", ".join(sorted(STATISTICS))
    return f"Statistic {name!r} is not emulated. Use one of {known}, or a percentile such as p99."


def measured(metrics: Metrics, stat: Doc, span: Span, real: Callable[[float], float]) -> Series:
    """Return one statistic of one metric, by the start of its periods."""
    metric = stat["Metric"]
    summaries = metrics.series(
        metric["Namespace"],
        metric["MetricName"],
        {d["Name"]: d["Value"] for d in metric.get("Dimensions", [])},
        start=span[0],
        end=span[1],
        period=real(stat["Period"]),
        unit=stat.get("Unit"),
    )
    values = {at: summary.statistic(stat["Stat"]) for at, summary in summaries.items()}
    return {at: value for at, value in values.items() if value is not None}


def floor(at: float, period: float) -> float:
    """Round a start down to a whole period, as CloudWatch does."""
    return at // period * period
