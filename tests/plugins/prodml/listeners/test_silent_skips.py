"""Explain why Airflow has skipped a task that never ran."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from prodml.listeners.silent_skips import Skips, sentences


def _task(*upstream: str, rule: str = "all_success", mapped: bool = False) -> Any:
    return SimpleNamespace(upstream_task_ids={*upstream}, trigger_rule=rule, is_mapped=mapped)


TASKS = {
    "resolve": _task(),
    "judge": _task("resolve"),
    "approve": _task("judge"),
    "deploy": _task("approve"),
    "undo": _task("deploy", rule="one_failed"),
    "each": _task("resolve", mapped=True),
}


def _sentences(
    skipped: str,
    explained: str = "",
    chosen: dict[str, dict[str, list[str]]] | None = None,
    message: str = "success",
) -> list[str]:
    skips = Skips(
        TASKS, frozenset(skipped.split()), frozenset(explained.split()), chosen or {}, message
    )
    return list(sentences(skips.reasons()))


def test_tasks_after_one_that_has_skipped_itself_are_named_with_it() -> None:
    skipped = "resolve judge approve deploy"
    assert _sentences(skipped, "resolve") == [
        "Skipped because resolve was: judge, approve, deploy."
    ]


@pytest.mark.parametrize("chosen", [{"skipped": ["approve"]}, {"followed": []}])
def test_tasks_that_another_task_has_skipped_are_named_with_that(chosen: Any) -> None:
    result = _sentences("approve deploy", chosen={"judge": chosen})
    assert result == ["Skipped by judge: approve, deploy."]


def test_the_task_that_says_why_is_no_silent_one() -> None:
    assert _sentences("approve", "approve") == []


def test_what_a_stock_operator_has_skipped_leads_to_its_task() -> None:
    assert _sentences("approve deploy") == [
        "Skipped by its trigger rule all_success: approve.",
        "Skipped because approve was: deploy.",
    ]


def test_a_rule_that_did_not_apply_and_an_empty_map_are_reasons_too() -> None:
    assert _sentences("undo each") == [
        "Skipped by its trigger rule one_failed: undo.",
        "Skipped because there was nothing to map over: each.",
    ]


@pytest.mark.parametrize("message", ["timed_out", "Dag Run's state was manually set to `success`."])
def test_a_run_that_was_ended_has_skipped_what_was_left_of_it(message: str) -> None:
    (sentence,) = _sentences("approve deploy", message=message)
    assert sentence == f"Skipped when the run ended ({message.rstrip('.')}): approve, deploy."


def test_tasks_of_a_dag_that_is_not_known_are_named_all_the_same() -> None:
    skips = Skips({}, frozenset({"b", "a"}), frozenset(), {}, "success")
    assert list(sentences(skips.reasons())) == ["Skipped when the run ended (success): a, b."]
