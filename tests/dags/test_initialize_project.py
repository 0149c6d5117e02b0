"""The DAG that makes what every pipeline needs."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.definition import catalog
from tests.dags.shapes import wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["initialize_project"]


def test_the_account_is_checked_before_anything_is_made(dag: Any) -> None:
    assert wires(dag) == {
        "check_account": {"create_bucket"},
        "create_bucket": {"set_retention"},
        "set_retention": {"create_experiment", "create_model_package_group"},
        "create_experiment": set(),
        "create_model_package_group": set(),
    }


def test_it_runs_by_hand_and_asks_nothing(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False
    assert dict(dag.params) == {}


@pytest.mark.parametrize(
    ("task", "name"), [("create_experiment", "experiment"), ("create_model_package_group", "group")]
)
def test_each_pipeline_gets_its_experiment_and_group(dag: Any, task: str, name: str) -> None:
    endpoints = [catalog.find(pipeline).endpoint for pipeline in catalog.names()]
    assert dag.get_task(task).expand_input.value == {name: endpoints}


def test_a_second_run_creates_only_what_is_missing(dag: Any) -> None:
    made = {getattr(t, "operator_class", type(t)).__name__ for t in dag.tasks}
    assert {name for name in made if not name.startswith("Ensure")} == {"PreflightOperator"}
