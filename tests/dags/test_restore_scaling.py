"""The sweep that puts scaling back that a lost update took off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from include.settings import settings
from tests.dags.shapes import wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["restore_scaling"]


def test_it_is_one_task(dag: Any) -> None:
    assert wires(dag) == {"restore_scaling": set()}


def test_it_sweeps_every_five_minutes_and_is_active_at_once(
    dag: Any,
) -> None:
    assert dag.timetable.delta == timedelta(minutes=5)
    assert (dag.max_active_runs, dag.is_paused_upon_creation) == (1, False)
    assert dag.dagrun_timeout == timedelta(minutes=10)


def test_it_acts_for_this_deployment_alone(dag: Any) -> None:
    task = dag.get_task("restore_scaling")
    assert task.deployment == settings().deployment
