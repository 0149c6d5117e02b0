"""The DAG that scores a file by batch transform."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.churn import PIPELINE
from tests.dags.shapes import defaults, interval, wires


@pytest.fixture
def dag(dags: dict[str, Any]) -> Any:
    return dags["score_churn_batch"]


def test_tasks_follow_each_other_as_drawn(dag: Any) -> None:
    assert wires(dag) == {
        "resolve_partition": {
            "prepare_records",
            "transform",
            "check_drift",
            "verify_predictions",
            "alert",
        },
        "prepare_records": {"transform"},
        "transform": {"check_drift", "verify_predictions"},
        "check_drift": {"alert", "verify_predictions"},
        "alert": set(),
        "verify_predictions": set(),
    }


def test_it_runs_for_each_partition_or_for_any_by_hand(dag: Any) -> None:
    assert interval(dag) == PIPELINE.partitions.cron == "0 0 * * 1"
    assert defaults(dag, "partition", "fail_on_alert") == (None, False)


def test_a_second_run_scores_again_below_its_own_prefix(dag: Any) -> None:
    for name in ("prepare_records", "transform"):
        assert dag.get_task(name).fresh is True
    assert dag.get_task("transform").output_uri.endswith("key='prefix') }}/scores/")
