"""The DAGs as docs/loop.svg draws them."""

from __future__ import annotations

from datetime import timedelta
from inspect import signature
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk import XComArg
from airflow.sdk.definitions.mappedoperator import MappedOperator

from include.assets import CHURN_DRIFT, CHURN_DRIFT_ALERT, CHURN_MODEL, MODEL_DEPLOYED
from include.pipelines.deployment.lifetimes import leave_prolonged
from include.pipelines.deployment.pins import leave_pinned

WIRES: dict[str, dict[str, set[str]]] = {
    "initialize_project": {
        "check_role": {"create_bucket"},
        "create_bucket": {"create_experiment", "create_model_package_group"},
        "create_experiment": set(),
        "create_model_package_group": set(),
    },
    "retrain_churn": {
        "resolve_window": {"upload", "contenders", "judge"},
        "bound_cost": {"upload"},
        "upload": {"preprocess"},
        "preprocess": {"train", "judge"},
        "train": {"select_best", "leaderboard"},
        "leaderboard": set(),
        "select_best": {"contenders", "judge", "register"},
        "contenders": {"score_holdout"},
        "score_holdout": {"judge", "ledger"},
        "ledger": set(),
        "judge": {"register", "accepted", "approve"},
        "register": {"accepted", "approve", "deploy"},
        "accepted": {"approve"},
        "approve": {"unpinned"},
        "unpinned": {"watch"},
        "watch": {"deploy"},
        "deploy": {"autoscale", "announce"},
        "autoscale": {"smoke_test"},
        "smoke_test": {"announce", "lineage"},
        "announce": set(),
        "lineage": set(),
    },
    "deploy_model": {
        "resolve_version": {
            "approve",
            "hold",
            "watch",
            "postpone_expiry",
            "deploy",
            "set_expiry",
            "autoscale",
            "smoke_test",
            "announce",
        },
        "approve": {"hold"},
        "hold": {"watch", "undo_hold"},
        "watch": {"postpone_expiry", "deploy"},
        "postpone_expiry": {"deploy"},
        "deploy": {"set_expiry", "undo_hold", "announce"},
        "undo_hold": set(),
        "set_expiry": {"autoscale"},
        "autoscale": {"smoke_test"},
        "smoke_test": {"announce"},
        "announce": set(),
    },
    "load_test_endpoint": {"plan_load": {"load_test"}, "load_test": set()},
    "promote_winner": {
        "endpoint_of": {"find_contest", "watch", "compare", "promote"},
        "find_contest": {"watch"},
        "watch": {"compare"},
        "compare": {"promote"},
        "promote": {"announce"},
        "announce": set(),
    },
    "tear_down_churn": {"confirmed": {"delete_endpoint"}, "delete_endpoint": set()},
    "tear_down_endpoints": {"chosen_endpoints": {"delete_endpoint"}, "delete_endpoint": set()},
    "reap_endpoints": {"expired_endpoints": {"delete_endpoint"}, "delete_endpoint": set()},
    "score_churn_batch": {
        "resolve_file": {"upload", "transform", "check_drift", "join_predictions"},
        "upload": {"encode"},
        "encode": {"transform"},
        "transform": {"check_drift", "join_predictions"},
        "check_drift": set(),
        "join_predictions": set(),
    },
    "check_churn_drift": {
        "wait_for_capture": {"resolve_traffic", "resolve_labels"},
        "resolve_traffic": {"check"},
        "resolve_labels": {"measure"},
        "check": {"conclude"},
        "measure": {"conclude"},
        "conclude": set(),
    },
}

LOOP = WIRES["retrain_churn"]
WIRES["tune_churn"] = {k: v for k, v in LOOP.items() if k != "train"} | {
    "resolve_window": LOOP["resolve_window"] | {"plan_tuning"},
    "preprocess": {"plan_tuning", "tune", "judge"},
    "plan_tuning": {"tune"},
    "tune": {"select_best", "leaderboard"},
}
STUDY = {
    "choose_images": {"upload", "measure_images", "log_preprocessing", "plan_trials"},
    "upload": {"measure_images"},
    "measure_images": {"log_preprocessing", "plan_trials"},
    "log_preprocessing": {"train"},
    "create_experiment": {"train"},
    "plan_trials": {"train"},
    "train": {"leaderboard"},
    "leaderboard": set(),
}
WIRES |= {"train_mnist_pytorch": STUDY, "train_mnist_tensorflow": STUDY}


@pytest.mark.parametrize("dag_id", WIRES)
def test_tasks_follow_each_other_as_drawn(dag_id: str, dags: dict[str, Any]) -> None:
    tasks = dags[dag_id].tasks
    assert {task.task_id: set(task.downstream_task_ids) for task in tasks} == WIRES[dag_id]


RULES = {  # one trial may fail, and a run that has nothing to learn is skipped, not failed
    "select_best": "all_done_min_one_success",
    "leaderboard": "all_done_min_one_success",
    "ledger": "none_skipped",
}


@pytest.mark.parametrize("dag_id", ["retrain_churn", "tune_churn"])
def test_all_but_these_need_what_comes_before(dag_id: str, dags: dict[str, Any]) -> None:
    found = {task.task_id: task.trigger_rule.value for task in dags[dag_id].tasks}
    assert {task: rule for task, rule in found.items() if rule != "all_success"} == RULES


PERIODS = {
    "retrain_churn": timedelta(weeks=1),
    "score_churn_batch": timedelta(days=1),
    "check_churn_drift": timedelta(hours=1),
}


@pytest.mark.parametrize("dag_id", PERIODS)
def test_scheduled_runs_have_an_interval_to_read(dag_id: str, dags: dict[str, Any]) -> None:
    """A cron string alone would give every run an interval of length zero."""
    timetable = dags[dag_id].timetable
    timetable = getattr(timetable, "timetable", timetable)
    assert type(timetable).__name__ == "CronDataIntervalTimetable"
    expressions = {"retrain_churn": "0 0 * * 1", "score_churn_batch": "0 0 * * *"}
    assert timetable.expression == expressions.get(dag_id, "0 * * * *")


def test_dags_meet_through_assets(dags: dict[str, Any]) -> None:
    retrain, check = dags["retrain_churn"], dags["check_churn_drift"]
    assert retrain.timetable.asset_condition.objects == (CHURN_DRIFT,)
    assert retrain.get_task("announce").outlets == [CHURN_MODEL]
    for by_hand in ("deploy_model", "promote_winner"):
        assert dags[by_hand].get_task("announce").outlets == [MODEL_DEPLOYED]
    # An Asset among the outlets would be emitted by every check, whatever its verdict.
    assert check.get_task("conclude").outlets == [CHURN_DRIFT_ALERT]


def test_one_run_deploys_at_a_time_and_none_goes_back(dags: dict[str, Any]) -> None:
    deploy = dags["retrain_churn"].get_task("deploy")
    assert deploy.max_active_tis_per_dag == 1
    assert deploy.order_by == "window_end"


def test_four_candidates_of_three_kinds_are_trained(dags: dict[str, Any]) -> None:
    candidates = dags["retrain_churn"].get_task("train").expand_input.value
    assert len({candidate["name"] for candidate in candidates}) == 4
    models = [candidate["config"]["HyperParameters"].get("model") for candidate in candidates]
    assert models == [None, None, "random_forest", "logistic_regression"]


def test_an_experiment_trains_two_trials_at_a_time(dags: dict[str, Any]) -> None:
    for dag_id in ("train_mnist_pytorch", "train_mnist_tensorflow"):
        assert dags[dag_id].get_task("train").max_active_tis_per_dagrun == 2


def test_a_part_of_a_result_is_pushed_by_itself(dags: dict[str, Any]) -> None:
    """`task.output["key"]` pulls the XCom of that key, which needs `multiple_outputs`."""
    pulled = {
        (dag.dag_id, source.task_id)
        for dag in dags.values()
        for task in dag.tasks
        for name in task.template_fields
        for source, key in XComArg.iter_xcom_references(getattr(task, name, None))
        if key != "return_value" and not getattr(source, "multiple_outputs", False)
    }
    assert pulled == set()


def test_a_retrain_looks_at_the_pin_until_it_deploys(dags: dict[str, Any]) -> None:
    """One that is set after `unpinned`, while `deploy` waits for another update, holds too."""
    for dag_id in ("retrain_churn", "tune_churn"):
        before_update = dags[dag_id].get_task("deploy").before_update
        assert (before_update.func, before_update.args[0].name) == (leave_pinned, "churn")


def test_no_task_that_waits_for_aws_holds_a_slot(dags: dict[str, Any]) -> None:
    """Else four of them keep the sweep of lost jobs away, whatever Airflow's own default is."""
    found = {
        f"{dag_id}.{task.task_id}": _deferrable(dag, task)
        for dag_id, dag in dags.items()
        for task in dag.tasks
        if _may_defer(getattr(task, "operator_class", type(task)))
    }
    assert {"retrain_churn.train", "retrain_churn.preprocess", "retrain_churn.deploy"} <= {*found}
    assert [name for name, deferrable in found.items() if not deferrable] == []


def _may_defer(operator: type) -> bool:
    return any("deferrable" in signature(base).parameters for base in operator.__mro__[:-1])


def _deferrable(dag: Any, task: Any) -> bool:
    """A mapped task takes its DAG's default arguments when it is unmapped."""
    if isinstance(task, MappedOperator):
        task = SimpleNamespace(**dag.default_args | task.partial_kwargs)
    return bool(task.deferrable)


def test_the_reaper_reads_the_tag_again_in_each_deletion(dags: dict[str, Any]) -> None:
    mapped = dags["reap_endpoints"].get_task("delete_endpoint")
    assert mapped.unmap({"endpoint": "churn"})._pre_execute_hook is leave_prolonged
