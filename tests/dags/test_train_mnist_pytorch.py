"""The DAG that compares networks in PyTorch."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dags.shapes import defaults, rules, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["train_mnist_pytorch"]


def test_tasks_follow_each_other_as_drawn(dag: Any) -> None:
    assert wires(dag) == {
        "choose_images": {"upload", "measure_images", "log_preprocessing", "plan_trials"},
        "upload": {"measure_images"},
        "measure_images": {"log_preprocessing", "plan_trials"},
        "log_preprocessing": {"train"},
        "create_experiment": {"train"},
        "plan_trials": {"train"},
        "train": {"leaderboard"},
        "leaderboard": set(),
    }


def test_one_failed_trial_leaves_the_others_in_the_leaderboard(dag: Any) -> None:
    assert rules(dag) == {"leaderboard": "all_done_min_one_success"}


def test_two_trials_train_at_a_time(dag: Any) -> None:
    assert dag.get_task("train").max_active_tis_per_dagrun == 2


def test_a_second_run_reuses_trained_trials_unless_the_form_says_fresh(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False
    assert dag.default_args["fresh"] == "{{ params.fresh }}"
    assert defaults(dag, "fresh") == (False,)


def test_the_form_varies_the_width_and_offers_several_instances(dag: Any) -> None:
    trials, instances = defaults(dag, "trials", "instances")
    assert trials == [{"hidden_channels": width} for width in (2, 5, 10)]
    assert instances == 1
