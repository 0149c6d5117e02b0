"""Ask Airflow for the state of a task."""

from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance
from airflow.utils.state import TaskInstanceState
from prodml.jobs.task_state import state_of
from prodml.naming import Identity

TASK = Identity("airflow", "pipeline", "manual", "group.train")
MAPPED = Identity("airflow", "pipeline", "manual", "train", 2)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Task states of the execution API, by run; no scheduler runs here."""
    states: dict[str, Any] = {}

    def get_task_states(**asked: Any) -> dict[str, Any]:
        assert asked["dag_id"] == "pipeline"
        assert asked["map_index"] in (-1, 2)
        return {run: states[run] for run in asked["run_ids"] if run in states}

    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", get_task_states)
    return states


@pytest.mark.parametrize("state", ["deferred", TaskInstanceState.DEFERRED])
def test_a_state_is_plain_text(state: str, answers: dict[str, Any]) -> None:
    answers["manual"] = {"group.train": state}
    assert state_of(TASK) == "deferred"


def test_a_cleared_task_has_an_empty_state(answers: dict[str, Any]) -> None:
    answers["manual"] = {"group.train": None}
    assert state_of(TASK) == ""


def test_a_deleted_task_and_a_deleted_run_have_none(answers: dict[str, Any]) -> None:
    assert state_of(TASK) is None
    answers["manual"] = {"another": "success"}
    assert state_of(TASK) is None


def test_a_mapped_task_is_distinguished_from_its_siblings(answers: dict[str, Any]) -> None:
    answers["manual"] = {"train_1": "failed", "train_2": "running"}
    assert state_of(MAPPED) == "running"
    del answers["manual"]["train_2"]
    assert state_of(MAPPED) is None


def test_where_airflow_cannot_be_asked_that_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(**_: Any) -> None:
        raise ConnectionError("no API")

    monkeypatch.setattr(RuntimeTaskInstance, "get_task_states", unreachable)
    with pytest.raises(ConnectionError, match="no API"):
        state_of(TASK)
