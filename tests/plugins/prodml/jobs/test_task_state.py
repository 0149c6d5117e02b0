"""The state of a task, as Airflow's execution API answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from airflow.sdk import TaskInstanceState
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
from prodml.jobs.task_state import state_of
from prodml.naming import Identity

TASK = Identity("airflow", "dag", "run", "train")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the execution API says; no API server runs in these tests."""
    found: dict[str, Any] = {}
    ask = staticmethod(lambda **asked: found)
    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", ask)
    return found


@pytest.mark.parametrize(
    ("state", "text"), [(TaskInstanceState.RUNNING, "running"), ("failed", "failed"), (None, "")]
)
def test_a_task_has_a_state_or_was_cleared(answers: dict[str, Any], state: Any, text: str) -> None:
    answers["run"] = {"train": state}
    assert state_of(TASK) == text


def test_a_mapped_task_is_asked_for_by_its_index(answers: dict[str, Any]) -> None:
    answers["run"] = {"train_0": "success", "train_1": "failed"}
    assert state_of(replace(TASK, map_index=1)) == "failed"


def test_a_deleted_run_or_task_has_none(answers: dict[str, Any]) -> None:
    assert state_of(TASK) is None
    answers["run"] = {"other": "success"}
    assert state_of(TASK) is None
