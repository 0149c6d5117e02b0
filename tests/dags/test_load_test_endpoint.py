"""The DAG that measures how many requests an instance can take."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dags.shapes import defaults, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["load_test_endpoint"]


def test_the_plan_comes_before_the_load(dag: Any) -> None:
    assert wires(dag) == {"plan_load": {"load_test"}, "load_test": set()}


def test_it_runs_by_hand_and_sends_the_load_once(dag: Any) -> None:
    """A retry would double the load on an endpoint that others use."""
    assert dag.timetable.can_be_scheduled is False
    assert {task.retries for task in dag.tasks} == {0}


def test_the_form_has_rising_rates_and_limits(dag: Any) -> None:
    rates, limit, share = defaults(dag, "rates", "max_p99_ms", "share")
    assert rates == sorted(rates)
    assert (limit, share) == (200, 0.7)
    assert defaults(dag, "variant", "target_model", "component") == (None, None, None)
    task = dag.get_task("load_test")
    assert task.variant == "{{ params.variant }}"
    assert task.target_model == "{{ params.target_model }}"
