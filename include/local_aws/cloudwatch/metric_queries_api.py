"""GetMetricData: metrics and arithmetic on them, page by page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError
from . import queries
from .metric_data import is_period, period_problem
from .metric_math import Series
from .metrics import Metrics

MOST_QUERIES, MOST_POINTS = 500, 100_800
ID = re.compile(r"[a-z][a-zA-Z0-9_]*")


@operation("cloudwatch", "GetMetricData")
def get_metric_data(aws: Aws, request: Doc) -> Doc:
    """Return metrics and arithmetic on them, by default newest first."""
    metric_queries = request["MetricDataQueries"]
    _check(metric_queries)
    if not request["StartTime"] < request["EndTime"]:
        raise _invalid("The parameter EndTime must be greater than StartTime.")
    periods = [query["MetricStat"]["Period"] for query in metric_queries if "MetricStat" in query]
    start = queries.floor(request["StartTime"], max(periods, default=60))
    known = queries.run(aws.part(Metrics), metric_queries, (start, request["EndTime"]), float)
    newest_first = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    returned = [query for query in metric_queries if query.get("ReturnData", True)]
    points = [
        (number, at, known[query["Id"]][at])
        for number, query in enumerate(returned)
        for at in sorted(known[query["Id"]], reverse=newest_first)
    ]
    page, token = _page(points, request)
    return {
        "MetricDataResults": list(_results(returned, page, bool(token))),
        "NextToken": token,
        "Messages": [],
    }


def _check(metric_queries: list[Doc]) -> None:
    if not 0 < len(metric_queries) <= MOST_QUERIES:
        raise _invalid(f"MetricDataQueries must have a size of 1 to {MOST_QUERIES}.")
    ids = [query["Id"] for query in metric_queries]
    if len(set(ids)) != len(ids):
        raise _invalid("The values for parameter id in MetricDataQueries are not unique.")
    if wrong := next((name for name in ids if not ID.fullmatch(name)), None):
        raise _invalid(f"The value {wrong} for parameter Id must begin with a lower-case letter.")
    for query in metric_queries:
        if ("MetricStat" in query) == ("Expression" in query):
            message = f"Query {query['Id']} must have either a MetricStat or an Expression."
            raise _invalid(message)
        period = query.get("MetricStat", {}).get("Period", 60)
        if not is_period(period):
            raise _invalid(period_problem(period))
    if problem := queries.unanswerable(metric_queries):
        raise _invalid(problem)


Point = tuple[int, float, float]  # index of its query, time, value


def _page(points: list[Point], request: Doc) -> tuple[list[Point], str | None]:
    size = min(request.get("MaxDatapoints", MOST_POINTS), MOST_POINTS)
    if size < 1:
        raise _invalid(f"MaxDatapoints {size} must be at least 1.")
    docs = [{"point": point} for point in points]
    try:
        page, token = paging.page(docs, {"MaxResults": size, "NextToken": request.get("NextToken")})
    except AwsError as error:
        raise AwsError("InvalidNextToken", error.message) from None
    return [doc["point"] for doc in page], token


def _results(returned: list[Doc], page: list[Point], more: bool) -> Iterator[Doc]:
    last = page[-1][0] if page and more else len(returned)
    for number, query in enumerate(returned):
        series: Series = {at: value for place, at, value in page if place == number}
        metric = query.get("MetricStat", {}).get("Metric", {}).get("MetricName")
        yield {
            "Id": query["Id"],
            "Label": query.get("Label") or metric or query["Id"],
            "Timestamps": list(series),
            "Values": list(series.values()),
            "StatusCode": "PartialData" if number >= last else "Complete",
        }


def _invalid(message: str) -> AwsError:
    return AwsError("ValidationError", message)
