"""The DAG that writes what the Studio pages show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from include.settings import settings
from tests.dags.shapes import wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["summarize_studio"]


def test_it_is_one_task_for_this_deployment(dag: Any) -> None:
    assert wires(dag) == {"write_summaries": set()}
    task = dag.get_task("write_summaries")
    assert (task.deployment, task.root) == (settings().deployment, settings().uri())


def test_it_runs_every_minute_once_a_person_has_unpaused_it(dag: Any) -> None:
    assert dag.timetable.delta == timedelta(minutes=1)
    assert (dag.max_active_runs, dag.is_paused_upon_creation) == (1, True)
