from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]
BODY = json.dumps({"widgets": []})


def test_dashboard_is_kept_listed_and_deleted(cloudwatch: Any, unique: Unique) -> None:
    name = unique("board")
    cloudwatch.put_dashboard(DashboardName=name, DashboardBody=BODY)
    dashboard = cloudwatch.get_dashboard(DashboardName=name)
    assert dashboard["DashboardBody"] == BODY
    assert dashboard["DashboardArn"] == f"arn:aws:cloudwatch::000000000000:dashboard/{name}"
    (entry,) = cloudwatch.list_dashboards(DashboardNamePrefix=name)["DashboardEntries"]
    assert (entry["DashboardName"], entry["Size"]) == (name, len(BODY))
    cloudwatch.delete_dashboards(DashboardNames=[name])
    assert refusal(cloudwatch.get_dashboard, DashboardName=name)[0] == "ResourceNotFound"


def test_dashboard_is_replaced(cloudwatch: Any, unique: Unique) -> None:
    name, newer = unique("board"), json.dumps({"widgets": [], "start": "-PT1H"})
    for body in (BODY, newer):
        cloudwatch.put_dashboard(DashboardName=name, DashboardBody=body)
    assert cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"] == newer
    assert len(cloudwatch.list_dashboards(DashboardNamePrefix=name)["DashboardEntries"]) == 1


def test_none_is_deleted_when_one_is_unknown(cloudwatch: Any, unique: Unique) -> None:
    name = unique("board")
    cloudwatch.put_dashboard(DashboardName=name, DashboardBody=BODY)
    code, message = refusal(cloudwatch.delete_dashboards, DashboardNames=[name, "unknown"])
    assert code == "InvalidParameterValue"
    assert "Dashboard unknown does not exist" in message
    assert cloudwatch.get_dashboard(DashboardName=name)["DashboardName"] == name


@pytest.mark.parametrize(
    ("name", "body"), [("a b", BODY), ("a", "{"), ("a", "[]"), ("a", "{}"), ("a", "[" * 100_000)]
)
def test_unusable_dashboard_is_refused(cloudwatch: Any, name: str, body: str) -> None:
    code, _ = refusal(cloudwatch.put_dashboard, DashboardName=name, DashboardBody=body)
    assert code == "InvalidParameterInput"
