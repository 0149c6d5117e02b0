"""The sweep that stops jobs whose task has ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from include.settings import settings
from tests.dags.shapes import wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["reconcile_jobs"]


def test_it_is_one_task(dag: Any) -> None:
    assert wires(dag) == {"stop_orphaned_jobs": set()}


def test_it_sweeps_every_minute_and_is_active_at_once(dag: Any) -> None:
    assert dag.timetable.delta == timedelta(minutes=1)
    assert (dag.max_active_runs, dag.is_paused_upon_creation) == (1, False)
    assert dag.dagrun_timeout == timedelta(minutes=10)


def test_it_acts_for_this_deployment_alone(dag: Any) -> None:
    task = dag.get_task("stop_orphaned_jobs")
    assert task.deployment == settings().deployment


def test_it_comes_before_everything_else_that_waits_for_a_slot(dag: Any) -> None:
    task = dag.get_task("stop_orphaned_jobs")
    assert (task.priority_weight, task.weight_rule) == (1000, "absolute")
