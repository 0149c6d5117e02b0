"""The DAG that lets an AutoML job search, and deploys what it finds if it is better."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dags.shapes import boxes, defaults, rules, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["automl_churn"]


def test_the_search_stands_where_the_candidates_of_a_retrain_do(
    dag: Any, dags: dict[str, Any]
) -> None:
    automl, tune = wires(dag), wires(dags["tune_churn"])
    assert automl["preprocess"] == {"add_headers", "automl"} | tune["preprocess"] - {
        *("plan_tuning", "tune"),
    }
    assert automl["add_headers"] == {"plan_automl"}
    assert automl["plan_automl"] == {"automl"}
    assert automl["automl"] == {"select_best", "leaderboard"}
    searches = {"plan_tuning", "tune", "plan_automl", "automl", "add_headers"}
    path = automl.keys() - searches - {"preprocess", "resolve_window"}
    assert {task: automl[task] for task in path} == {task: tune[task] for task in path}


def test_its_search_is_in_a_box(dag: Any) -> None:
    search = {"add_headers", "plan_automl", "automl", "select_best", "leaderboard"}
    assert boxes(dag)["search"] == search
    assert rules(dag)["select_best"] == "all_done_min_one_success"


def test_it_runs_by_hand_alone_within_stated_limits(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False
    assert defaults(dag, "max_candidates", "max_seconds", "fresh") == (8, 7200, False)
    assert "candidates" not in dag.params
