"""The DAG that takes the churn endpoint down."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.churn import PIPELINE
from tests.dags.shapes import defaults, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["tear_down_churn"]


def test_nothing_is_deleted_before_the_confirmation(dag: Any) -> None:
    assert wires(dag) == {"confirmed": {"delete_endpoint"}, "delete_endpoint": set()}


def test_it_runs_by_hand_and_is_not_confirmed_by_default(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False
    assert defaults(dag, "confirm") == (False,)


def test_it_deletes_the_pipelines_endpoint_alone(dag: Any) -> None:
    assert dag.get_task("delete_endpoint").endpoint == PIPELINE.endpoint
    assert "destructive" in dag.tags
