"""The DAG that puts any registered version into production."""

from __future__ import annotations

from typing import Any

import pytest

from include.assets import MODEL_DEPLOYED
from tests.dags.shapes import boxes, defaults, rules, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["deploy_model"]


def test_tasks_follow_each_other_as_drawn(dag: Any) -> None:
    assert wires(dag) == {
        "resolve_version": {
            "approve",
            "hold",
            "watch",
            "postpone_expiry",
            "choose_kind",
            "deploy",
            "deploy_component",
            "set_expiry",
            "autoscale",
            "scale_component",
            "smoke_test",
            "announce",
        },
        "approve": {"hold"},
        "hold": {"watch", "undo_hold"},
        "watch": {"postpone_expiry", "deploy", "deploy_component"},
        "postpone_expiry": {"choose_kind"},
        "choose_kind": {"deploy", "deploy_component"},
        "deploy": {"set_expiry", "undo_hold", "autoscale", "announce"},
        "deploy_component": {"set_expiry", "undo_hold", "scale_component", "announce"},
        "undo_hold": set(),
        "set_expiry": {"autoscale", "scale_component"},
        "autoscale": {"smoke_test"},
        "scale_component": {"smoke_test"},
        "smoke_test": {"announce"},
        "announce": set(),
    }


def test_its_tasks_are_in_boxes_that_open(dag: Any) -> None:
    assert boxes(dag) == {
        "choose_version": {"resolve_version", "approve"},
        "set_safeguards": {"hold", "watch", "postpone_expiry"},
        "deploy_version": {"choose_kind", "deploy", "deploy_component", "undo_hold"},
        "configure_endpoint": {"set_expiry", "autoscale", "scale_component"},
        "verify_endpoint": {"smoke_test", "announce"},
    }


def test_a_failed_deployment_takes_the_pin_off_again(dag: Any) -> None:
    after_one = "none_failed_min_one_success"
    one_kind = dict.fromkeys(("set_expiry", "smoke_test", "announce"), after_one)
    assert rules(dag) == {"undo_hold": "one_failed"} | one_kind


def test_it_runs_by_hand_and_pins_for_good(dag: Any) -> None:
    assert dag.timetable.can_be_scheduled is False
    names = ("version", "pin", "release_pin", "hours_to_live")
    assert defaults(dag, *names) == (None, True, False, None)


def test_it_announces_the_model_of_the_chosen_pipeline(dag: Any) -> None:
    assert dag.get_task("announce").outlets == [MODEL_DEPLOYED]


def test_two_runs_deploy_one_after_the_other_and_leave_a_pipelines_policies(dag: Any) -> None:
    assert dag.get_task("deploy").max_active_tis_per_dag == 1
    assert dag.get_task("autoscale").prune is False
