"""Operations on metric filters of log groups."""

from __future__ import annotations

import re

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc, Missing
from ..wire.errors import AwsError
from .log_resources import SERVICE, group_of, invalid, not_found, paged, pattern_of
from .logs import Logs
from .metric_filters import KIND, MetricFilters, number

MOST = 100  # filters of one group
REFUSED = ("applyOnTransformedLogs", "fieldSelectionCriteria", "emitSystemFieldDimensions")
VALUE = re.compile(r"\$.+")


@operation(SERVICE, "PutMetricFilter")
def put_metric_filter(aws: Aws, request: Doc) -> Doc:
    group = group_of(aws, request)
    for name in REFUSED:
        if request.get(name):
            raise invalid(f"{name} is not emulated. Remove it from the request.")
    pattern_of(request["filterPattern"])
    (change,) = request["metricTransformations"]
    _check(change)
    filters = aws.part(MetricFilters)
    names = {doc["filterName"] for doc in filters.of(group)} | {request["filterName"]}
    if len(names) > MOST:
        raise AwsError("LimitExceededException", f"A log group can have {MOST} metric filters.")
    filters.put(request | {"logGroupName": group, "creationTime": aws.part(Logs).now})
    return {}


def _check(change: Doc) -> None:
    value = change["metricValue"]
    if not VALUE.fullmatch(value) and number(value, {}, "") is None:
        raise invalid(f"metricValue {value!r} is neither a number nor the name of a field.")
    dimensions = change.get("dimensions", {})
    if dimensions and "defaultValue" in change:
        raise invalid("A metric with dimensions cannot have a defaultValue.")
    if len(dimensions) > 3:
        raise invalid(f"A metric filter can have three dimensions, not {len(dimensions)}.")
    for name, given in dimensions.items():
        if not VALUE.fullmatch(given):
            raise invalid(f"Dimension {name}: {given!r} is not the name of a field.")


@operation(SERVICE, "DescribeMetricFilters")
def describe_metric_filters(aws: Aws, request: Doc) -> Doc:
    if ("metricName" in request) != ("metricNamespace" in request):
        raise invalid("metricName and metricNamespace must be given together.")
    group = group_of(aws, request) if "logGroupName" in request else None
    filters = [
        doc
        for doc in aws.store.list(KIND)
        if group in (None, doc["logGroupName"])
        and doc["filterName"].startswith(request.get("filterNamePrefix", ""))
        and all(
            request.get(name, doc["metricTransformations"][0][name])
            == doc["metricTransformations"][0][name]
            for name in ("metricName", "metricNamespace")
        )
    ]
    filters.sort(key=lambda doc: (doc["filterName"], doc["logGroupName"]))
    page, following = paged(filters, request)
    return {"metricFilters": page, "nextToken": following}


@operation(SERVICE, "DeleteMetricFilter")
def delete_metric_filter(aws: Aws, request: Doc) -> Doc:
    try:
        aws.part(MetricFilters).delete(group_of(aws, request), request["filterName"])
    except Missing:
        raise not_found("metric filter") from None
    return {}


@operation(SERVICE, "TestMetricFilter")
def test_metric_filter(aws: Aws, request: Doc) -> Doc:
    pattern = pattern_of(request["filterPattern"])
    matches = (
        (position, message, pattern.match(message))
        for position, message in enumerate(request["logEventMessages"], 1)
    )
    return {
        "matches": [
            {"eventNumber": position, "eventMessage": message, "extractedValues": fields}
            for position, message, fields in matches
            if fields is not None
        ]
    }
