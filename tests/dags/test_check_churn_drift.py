"""The DAG that compares captured traffic with the baseline."""

from __future__ import annotations

from typing import Any

import pytest

from include.assets import drift_alert
from tests.dags.shapes import defaults, interval, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["check_churn_drift"]


def test_tasks_follow_each_other_as_drawn(dag: Any) -> None:
    assert wires(dag) == {
        "wait_for_capture": {"resolve_traffic", "resolve_labels"},
        "resolve_traffic": {"check"},
        "resolve_labels": {"measure"},
        "check": {"conclude"},
        "measure": {"conclude"},
        "conclude": {"alert"},
        "alert": set(),
    }


def test_it_runs_every_hour_on_its_interval(dag: Any) -> None:
    assert interval(dag) == "0 * * * *"
    assert defaults(dag, "window_start", "window_end", "endpoints") == (None, None, [])


def test_two_alerts_of_three_windows_start_a_retrain_once_a_day(dag: Any) -> None:
    assert defaults(dag, "alerts_of_windows", "cooldown_hours") == ("2 of 3", 24)


def test_an_alert_leaves_the_run_green_unless_it_is_asked_to_fail(dag: Any) -> None:
    assert defaults(dag, "fail_on_alert") == (False,)


def test_only_an_alert_starts_a_retrain(dag: Any) -> None:
    """An Asset among the outlets would be emitted by every check, whatever its verdict."""
    assert dag.get_task("conclude").outlets == [drift_alert("churn")]


def test_waiting_for_the_capture_holds_no_slot(dag: Any) -> None:
    sensor = dag.get_task("wait_for_capture")
    assert sensor.mode == "reschedule"
    assert "capture_arrives" in sensor.target_time
