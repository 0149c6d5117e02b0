"""The DAG from raw rows to a model in production."""

from __future__ import annotations

from typing import Any

import pytest

from include.assets import CHURN_DRIFT, CHURN_MODEL
from include.pipelines.churn import PIPELINE
from include.pipelines.deployment.pins import leave_pinned
from tests.dags.shapes import boxes, defaults, interval, rules, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["retrain_churn"]


def test_tasks_follow_each_other_as_drawn(dag: Any) -> None:
    assert wires(dag) == {
        "resolve_window": {
            *("preprocess", "plan_candidates", "contenders", "plan_evaluation", "judge", "ledger"),
        },
        "check_budget": {"preprocess"},
        "preprocess": {"plan_candidates", "train", "contenders", "plan_evaluation", "judge"},
        "plan_candidates": {"train"},
        "train": {"select_best", "leaderboard"},
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
        "train_candidates": {"plan_candidates", "train", "select_best", "leaderboard"},
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


def test_a_weekly_run_or_a_drift_alert_starts_it(dag: Any) -> None:
    assert interval(dag) == PIPELINE.partitions.cron == "0 0 * * 1"
    assert dag.timetable.asset_condition.objects == (CHURN_DRIFT,)


def test_it_announces_the_model_that_it_deployed(dag: Any) -> None:
    assert dag.get_task("announce").outlets == [CHURN_MODEL]


def test_a_second_run_reuses_jobs_unless_the_form_says_fresh(dag: Any) -> None:
    assert dag.default_args["fresh"] == "{{ params.fresh }}"
    assert defaults(dag, "fresh", "window_end", "window_partitions") == (False, None, 8)


def test_the_form_has_the_pipelines_own_ways_to_judge(dag: Any) -> None:
    asked = defaults(dag, "metric", "direction", "min_gain", "rollout")
    assert asked == (
        PIPELINE.metric,
        PIPELINE.direction,
        PIPELINE.min_gain,
        PIPELINE.rollout.strategy.value,
    )
