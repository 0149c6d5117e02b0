"""Lead from a task to the report that it left."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.providers.common.compat.sdk import XCom
from prodml.links.report import (
    REPORT_KEY,
    SOURCE_KEY,
    DriftReportLink,
    EvaluationLink,
    LeaderboardLink,
    LoadTestLink,
    address,
    publish,
)

from tests.plugins.runs import Ti

AWS = {"aws_conn_id": "team", "region_name": "eu-west-1"}


def test_the_address_names_one_task_instance() -> None:
    ti = Ti("scheduled__2024-05-06T00:00:00+00:00", task_id="group.check", map_index=2)
    run = "scheduled__2024-05-06T00%3A00%3A00%2B00%3A00"
    assert address(ti) == f"/prodml/reports/pipeline/{run}/group.check/2"


def test_a_run_s_name_cannot_leave_its_place_in_the_address() -> None:
    assert address(Ti("../../x?y")) == "/prodml/reports/pipeline/..%2F..%2Fx%3Fy/task/-1"


def test_a_task_without_a_map_index_is_minus_one() -> None:
    ti = Ti("manual")
    ti.map_index = None  # type: ignore[assignment]
    assert address(ti) == address(Ti("manual"))


def test_a_report_is_published_with_the_way_to_it() -> None:
    ti = Ti("manual")
    publish(ti, "s3://bucket/report.html", AWS)
    assert ti.pushed == {
        SOURCE_KEY: {"uri": "s3://bucket/report.html", **AWS},
        REPORT_KEY: address(ti),
    }


@pytest.mark.parametrize(
    ("pushed", "opened"), [("/prodml/reports/a", "/prodml/reports/a"), (None, "")]
)
def test_a_button_opens_what_was_pushed(
    pushed: str | None, opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def get_value(*, key: str, ti_key: Any) -> str | None:
        return pushed if (key, ti_key) == (REPORT_KEY, "the task") else "of something else"

    monkeypatch.setattr(XCom, "get_value", get_value)
    links: Any = [DriftReportLink(), EvaluationLink(), LeaderboardLink(), LoadTestLink()]
    assert {link.get_link(None, ti_key="the task") for link in links} == {opened}
    assert len({link.name for link in links}) == 4
