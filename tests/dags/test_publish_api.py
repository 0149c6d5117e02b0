"""The DAG that publishes a REST API in front of an endpoint."""

from __future__ import annotations

from typing import Any

import pytest

from include.settings import settings
from tests.dags.shapes import defaults, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["publish_api"]


def test_the_schema_comes_before_the_api(dag: Any) -> None:
    assert wires(dag) == {"plan_api": {"publish"}, "publish": set()}


def test_it_runs_by_hand_and_one_at_a_time(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False
    assert dag.max_active_runs == 1


def test_the_api_invokes_as_the_role_of_the_settings(dag: Any) -> None:
    assert dag.get_task("publish").role_arn == settings().api_role


def test_no_page_may_call_it_unless_the_form_says_so(dag: Any) -> None:
    origin, log, quota = defaults(dag, "allow_origin", "access_log", "quota")
    assert (origin, log, quota) == (None, True, None)
