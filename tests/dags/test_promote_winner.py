"""The DAG that ends an A/B or shadow test."""

from __future__ import annotations

from typing import Any

import pytest

from include.assets import MODEL_DEPLOYED
from tests.dags.shapes import defaults, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["promote_winner"]


def test_tasks_follow_each_other_as_drawn(dag: Any) -> None:
    assert wires(dag) == {
        "endpoint_of": {"find_contest", "watch", "compare", "promote"},
        "find_contest": {"watch"},
        "watch": {"compare"},
        "compare": {"promote"},
        "promote": {"announce"},
        "announce": set(),
    }


def test_it_runs_by_hand_after_a_day_of_requests(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False
    names = ("metric", "direction", "confidence", "hours", "min_requests")
    assert defaults(dag, *names) == ("errors", "Minimize", 0.95, 24, 100)


def test_it_announces_the_model_of_the_chosen_pipeline(dag: Any) -> None:
    assert dag.get_task("announce").outlets == [MODEL_DEPLOYED]


def test_a_second_run_without_a_contest_is_skipped_and_not_failed(dag: Any) -> None:
    assert {task.trigger_rule.value for task in dag.tasks} == {"all_success"}
    assert "Without a test the run is skipped" in dag.doc_md
