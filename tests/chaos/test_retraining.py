"""A run of retrain_churn with throttling and a failing trial, as its tasks end."""

from __future__ import annotations

from typing import Any

import pytest

from chaos.retraining import survive
from tests.chaos.worlds import QuietWorld

RESULT = "/xcomEntries/return_value$"


def world_of(best: Any, *trials: str) -> QuietWorld:
    """Return a world in which a run has these trials and this best one."""
    tasks = [{"task_id": "train", "state": state} for state in trials]
    return QuietWorld(
        {
            f"GET .*select_best{RESULT}": best,
            "GET .*/taskInstances$": {"task_instances": [*tasks, {"task_id": "x", "state": None}]},
            "GET .*/dagRuns/[^/]+$": {"state": "success"},
        }
    )


@pytest.mark.parametrize(
    ("best", "trials", "wrong"),
    [
        ({"value": {"name": "deep"}}, ["success", "failed", "success"], []),
        ({"value": {"name": "deep"}}, ["success"], ["trials: ['success']"]),
        ({"value": {"name": "deep"}}, ["failed"] * 2, ["trials: ['failed', 'failed']"]),
        (404, ["failed", "success"], ["no trial won"]),
    ],
    ids=["one failed", "none failed", "all failed", "none won"],
)
def test_one_trial_fails_and_another_wins(best: Any, trials: list[str], wrong: list[str]) -> None:
    assert survive(world_of(best, *trials)) == wrong


def test_the_project_is_initialized_before_calls_are_throttled() -> None:
    world = world_of({"value": {"name": "deep"}}, "failed", "success")
    survive(world)
    triggered = [line for line in world.users.lines("POST") if line.endswith("/dagRuns")]
    assert triggered == [f"POST /dags/{name}/dagRuns" for name in
                         ("initialize_project", "retrain_churn")]  # fmt: skip
    *throttled, trial = world.recorded.added
    assert {fault["probability"] for fault in throttled} == {0.3}
    assert {"CreateTrainingJob", "DescribeEndpoint", "ListModelPackages"} <= {
        fault["operation"] for fault in throttled
    }
    assert (trial["resource"], trial["event"]) == ("training-job", "fail")
    assert world.recorded.cleared


def test_progress_is_logged_when_it_changes() -> None:
    world = world_of({"value": {"name": "deep"}}, "failed", "success")
    survive(world)
    assert "retrain_churn: 2 of 3 tasks have ended" in world.lines
    assert world.lines[-1] == "the trials: failed, success; the best of them: deep"
