"""The DAG that takes endpoints down by name or tag."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dags.shapes import defaults, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["tear_down_endpoints"]


def test_nothing_is_deleted_before_it_is_chosen(dag: Any) -> None:
    assert wires(dag) == {"chosen_endpoints": {"delete_endpoint"}, "delete_endpoint": set()}


def test_it_runs_by_hand_and_names_nothing_by_default(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False
    assert defaults(dag, "endpoints", "tag", "confirm") == ([], None, False)


def test_each_endpoint_is_a_task_of_its_own(dag: Any) -> None:
    mapped = dag.get_task("delete_endpoint")
    assert mapped.unmap({"endpoint": "fraud"}).endpoint == "fraud"
    assert "destructive" in dag.tags
