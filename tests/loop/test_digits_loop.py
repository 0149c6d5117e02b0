"""A pipeline whose data are images in S3: `make digits` runs it, outside of CI."""

from __future__ import annotations

import os

import pytest

from tests.loop.conftest import RunSteps
from tests.loop.test_churn_loop import dag, states, value

pytestmark = pytest.mark.skipif(
    not os.environ.get("PRODML_TEST_DIGITS"),
    reason="`make digits` runs it: the jobs' scripts have tests of their own",
)


def test_images_are_learned_from_served_scored_checked_and_searched(run_steps: RunSteps) -> None:
    _, _, trained, asked, scored, searched, gone = run_steps(
        dag("initialize_project"),
        {"step": "draw"},
        dag("retrain_digits"),
        {"step": "show", "name": "2024-02-19/seven"},
        dag("score_digits_batch", partition="2024-02-19"),
        dag("automl_digits", max_candidates=3),
        dag("tear_down_digits", confirm=True),
    )
    assert [run["state"] for run in (trained, scored, searched, gone)] == ["success"] * 4
    assert value(trained, "judge")["holdout"]["challenger"]["balanced_accuracy"] > 0.8
    assert states(trained, "deploy") == ["success"]
    assert (asked["label"], asked["version"]) == ("seven", "1")
    assert len(asked["probabilities"]) == 10
    batch = value(scored, "verify_predictions")
    assert batch["rows_in"] == batch["rows_out"] == 100
    assert value(scored, "check_drift")["outcome"] == "OK"
    assert value(searched, "judge")["holdout"]["challenger"]["balanced_accuracy"] > 0.8
