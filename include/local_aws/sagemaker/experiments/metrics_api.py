"""SageMaker Metrics: write points of a trial component, and query them by bins."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import operation
from ...core.store import Doc
from . import metric_series
from .metric_series import is_storable
from .trial_components import COMPONENT

SERVICE = "sagemaker-metrics"
PERIODS = {"OneMinute": 60, "FiveMinute": 300, "OneHour": 3600}
BY_STEP = "IterationNumber"


@operation(SERVICE, "BatchPutMetrics")
def batch_put_metrics(aws: Aws, request: Doc) -> Doc:
    """Store the points; return errors by metric, as the operation has no others."""
    component, data = request["TrialComponentName"], request["MetricData"]
    if aws.store.get(COMPONENT.kind, component) is None:
        wrong = list(range(len(data)))
    else:
        wrong = [number for number, d in enumerate(data) if not is_storable(d["Value"])]
        good = [d for d in data if is_storable(d["Value"])]
        metric_series.put_metrics(aws, component, good)
    return {"Errors": [{"Code": "VALIDATION_ERROR", "MetricIndex": number} for number in wrong]}


@operation(SERVICE, "BatchGetMetrics")
def batch_get_metrics(aws: Aws, request: Doc) -> Doc:
    return {"MetricQueryResults": [_result(aws, query) for query in request["MetricQueries"]]}


def _result(aws: Aws, query: Doc) -> Doc:
    """Return one series: the query's statistic by period or by iteration."""
    component = _component(aws, query["ResourceArn"])
    if component is None:
        return _invalid(f"{query['ResourceArn']} has no metrics.")
    if query["XAxisType"] == "Timestamp" and query["Period"] == BY_STEP:
        return _invalid("Period IterationNumber needs XAxisType IterationNumber.")
    points = metric_series.points(aws, component).get(query["MetricName"], [])
    bins: dict[int, list[float]] = {}
    for point in points:
        bins.setdefault(_bin(point, query), []).append(point.value)
    shown = {x: v for x, v in sorted(bins.items()) if _within(x, query)}
    values = [metric_series.statistics(binned)[query["MetricStat"]] for binned in shown.values()]
    return {"Status": "Complete", "XAxisValues": list(shown), "MetricValues": values}


def _component(aws: Aws, arn: str) -> str | None:
    """Return the component with this ARN, or of the job with this ARN."""
    for doc in aws.store.list(COMPONENT.kind):
        if arn in (doc["TrialComponentArn"], doc.get("Source", {}).get("SourceArn")):
            return str(doc["TrialComponentName"])
    return None


def _bin(point: metric_series.Point, query: Doc) -> int:
    if query["XAxisType"] == BY_STEP:
        return point.step
    period = PERIODS[query["Period"]]
    return int(point.at // period * period)


def _within(x: int, query: Doc) -> bool:
    return bool(query.get("Start", x) <= x <= query.get("End", x))


def _invalid(message: str) -> Doc:
    empty: Doc = {"XAxisValues": [], "MetricValues": []}
    return empty | {"Status": "ValidationError", "Message": message}
