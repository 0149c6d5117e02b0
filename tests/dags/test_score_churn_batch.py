"""The DAG that scores a file by batch transform."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dags.shapes import defaults, interval, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["score_churn_batch"]


def test_tasks_follow_each_other_as_drawn(dag: Any) -> None:
    assert wires(dag) == {
        "resolve_file": {"upload", "transform", "check_drift", "verify_predictions", "alert"},
        "upload": {"prepare_records"},
        "prepare_records": {"transform"},
        "transform": {"check_drift", "verify_predictions"},
        "check_drift": {"alert", "verify_predictions"},
        "alert": set(),
        "verify_predictions": set(),
    }


def test_it_runs_every_day_or_for_any_day_by_hand(dag: Any) -> None:
    assert interval(dag) == "0 0 * * *"
    assert defaults(dag, "slice", "fail_on_alert") == (None, False)


def test_a_second_run_scores_again_below_its_own_prefix(dag: Any) -> None:
    for name in ("prepare_records", "transform"):
        assert dag.get_task(name).fresh is True
    assert dag.get_task("transform").output_uri.endswith("key='prefix') }}/scores/")
