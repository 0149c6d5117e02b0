from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.cloudwatch.log_lines import now, put
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


def _put(logs: Any, group: str, pattern: str, name: str = "count", **change: Any) -> None:
    metric = {"metricName": group, "metricNamespace": "Filtered", "metricValue": "1"} | change
    logs.put_metric_filter(
        logGroupName=group, filterName=name, filterPattern=pattern, metricTransformations=[metric]
    )


def _sum(local_aws: Server, name: str, *dimensions: dict[str, str]) -> float:
    points = local_aws.client("cloudwatch").get_metric_statistics(
        Namespace="Filtered",
        MetricName=name,
        Dimensions=list(dimensions),
        StartTime=time.time() - 3600,
        EndTime=time.time() + 60,
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return float(sum(point["Sum"] for point in points))


def test_filter_publishes_later_matches(local_aws: Server, logs: Any, group: str) -> None:
    _put(logs, group, "?two ?three")
    assert _sum(local_aws, group) == 0
    put(logs, group, "new", [(now(), "two"), (now(), "none"), (now(), "three")])
    assert _sum(local_aws, group) == 2


def test_value_and_dimensions_come_from_the_event(local_aws: Server, logs: Any, group: str) -> None:
    _put(logs, group, "{ $.ms > 5 }", metricValue="$.ms", dimensions={"Path": "$.path"})
    events = [{"ms": 7, "path": "/a"}, {"ms": 8, "path": "/b"}, {"ms": 1, "path": "/a"}, {"ms": 9}]
    put(logs, group, "new", [(now(), json.dumps(event)) for event in events])
    assert _sum(local_aws, group, {"Name": "Path", "Value": "/a"}) == 7
    assert _sum(local_aws, group, {"Name": "Path", "Value": "/b"}) == 8


def test_filter_is_described_replaced_and_deleted(logs: Any, group: str) -> None:
    _put(logs, group, "one")
    _put(logs, group, "two")
    (metric_filter,) = logs.describe_metric_filters(logGroupName=group)["metricFilters"]
    assert (metric_filter["filterPattern"], metric_filter["logGroupName"]) == ("two", group)
    asked = {"metricName": group, "metricNamespace": "Filtered"}
    assert len(logs.describe_metric_filters(**asked)["metricFilters"]) == 1
    assert (
        logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["metricFilterCount"] == 1
    )
    logs.delete_metric_filter(logGroupName=group, filterName="count")
    assert logs.describe_metric_filters(logGroupName=group)["metricFilters"] == []
    code, _ = refusal(logs.delete_metric_filter, logGroupName=group, filterName="count")
    assert code == "ResourceNotFoundException"


@pytest.mark.parametrize(
    ("pattern", "change"),
    [
        ("[a, a]", {}),
        ("one", {"metricValue": "many"}),
        ("one", {"dimensions": {"a": "$.a"}, "defaultValue": 0.0}),
        ("one", {"dimensions": {"a": "constant"}}),
        ("[a, b, c, d]", {"dimensions": {name: f"${name}" for name in "abcd"}}),
    ],
)
def test_filter_that_cannot_publish_is_refused(
    logs: Any, group: str, pattern: str, change: dict[str, Any]
) -> None:
    code, _ = refusal(lambda: _put(logs, group, pattern, **change))
    assert code == "InvalidParameterException"


def test_filters_of_a_deleted_group_are_gone(local_aws: Server, logs: Any, group: str) -> None:
    for name in ("first", "second"):
        _put(logs, group, "one", name)
    logs.delete_log_group(logGroupName=group)
    logs.create_log_group(logGroupName=group)
    put(logs, group, "new", [(now(), "one")])
    assert _sum(local_aws, group) == 0
    assert logs.describe_metric_filters(logGroupName=group)["metricFilters"] == []


def test_pattern_can_be_tried_on_messages(logs: Any) -> None:
    lines = ["GET /a 200", "GET /b 404", "no"]
    (match,) = logs.test_metric_filter(
        filterPattern="[method, path, status=4*]", logEventMessages=lines
    )["matches"]
    assert (match["eventNumber"], match["eventMessage"]) == (2, "GET /b 404")
    assert match["extractedValues"] == {"$method": "GET", "$path": "/b", "$status": "404"}
