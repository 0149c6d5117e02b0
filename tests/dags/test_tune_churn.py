"""The DAG that searches hyperparameters, and deploys what it finds if it is better."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.deployment.pins import leave_pinned
from tests.dags.shapes import boxes, defaults, rules, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["tune_churn"]


def test_tasks_follow_each_other_as_drawn(dag: Any) -> None:
    assert wires(dag) == {
        "resolve_window": {
            *("preprocess", "plan_tuning", "contenders", "plan_evaluation", "judge", "ledger"),
        },
        "check_budget": {"preprocess"},
        "preprocess": {"plan_tuning", "tune", "contenders", "plan_evaluation", "judge"},
        "plan_tuning": {"tune"},
        "tune": {"select_best", "leaderboard"},
        "leaderboard": set(),
        "select_best": {"contenders", "plan_evaluation", "judge"},
        "contenders": {"score_holdout"},
        "score_holdout": {"plan_evaluation", "judge", "ledger"},
        "plan_evaluation": {"evaluate"},
        "evaluate": {"judge", "register", "ledger"},
        "ledger": set(),
        "judge": {"register", "accepted", "approve"},
        "register": {"accepted", "approve", "deploy", "candidate_lineage"},
        "candidate_lineage": set(),
        "accepted": {"approve"},
        "approve": {"unpinned"},
        "unpinned": {"watch"},
        "watch": {"deploy"},
        "deploy": {"autoscale", "announce"},
        "autoscale": {"smoke_test"},
        "smoke_test": {"announce", "lineage"},
        "announce": set(),
        "lineage": set(),
    }


def test_its_tasks_are_in_boxes_that_open(dag: Any) -> None:
    assert boxes(dag) == {
        "prepare_data": {"resolve_window", "check_budget", "preprocess"},
        "search": {"plan_tuning", "tune", "select_best", "leaderboard"},
        "evaluate_best": {"contenders", "score_holdout", "plan_evaluation", "evaluate", "judge"},
        "register_version": {"register", "candidate_lineage", "accepted", "approve"},
        "release_model": {"unpinned", "watch", "deploy", "autoscale", "smoke_test"},
        "record_run": {"announce", "lineage", "ledger"},
    }


def test_one_trial_may_fail_and_an_idle_run_is_skipped(dag: Any) -> None:
    assert rules(dag) == {
        "select_best": "all_done_min_one_success",
        "leaderboard": "all_done_min_one_success",
        "ledger": "none_skipped",
    }


def test_the_pin_is_read_again_just_before_the_update(dag: Any) -> None:
    """One that is set after `unpinned`, while `deploy` waits for another update, holds too."""
    before_update = dag.get_task("deploy").before_update
    assert (before_update.func, before_update.args[0].name) == (leave_pinned, "churn")


def test_one_run_deploys_at_a_time_and_none_replaces_a_newer_model(dag: Any) -> None:
    deploy = dag.get_task("deploy")
    assert deploy.max_active_tis_per_dag == 1
    assert deploy.order_by == "window_end"
    assert deploy.allow_older == "{{ params.allow_older }}"
    assert defaults(dag, "allow_older") == (False,)


def test_it_runs_by_hand_alone(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False


def test_a_second_run_begins_with_what_the_last_one_found(dag: Any) -> None:
    assert defaults(dag, "warm_start", "fresh") == (True, False)
    assert dag.default_args["fresh"] == "{{ params.fresh }}"


def test_the_form_bounds_the_search(dag: Any) -> None:
    assert defaults(dag, "strategy", "max_jobs", "max_parallel") == ("Bayesian", 8, 2)
