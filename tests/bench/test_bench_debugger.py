"""A small version of the training debugger's benchmark; the large one is in bench/results."""

from __future__ import annotations

import json

import pytest

from bench.bench_debugger import RESULT, faults, sound
from bench.debugger_runs import FAULTS


@pytest.mark.parametrize("rule", FAULTS)
def test_the_rule_finds_its_fault(rule: str) -> None:
    result = faults(2, [rule])[rule]
    assert result["missed_seeds"] == []


def test_no_healthy_run_is_stopped() -> None:
    assert sound(4)["by_seed"] == {}


def test_the_stored_result_keeps_the_promise() -> None:
    result = json.loads(RESULT.read_text())
    assert set(result["faults"]) == set(FAULTS)
    assert all(one["recall"] >= 0.9 and one["runs"] >= 20 for one in result["faults"].values())
    assert result["healthy"]["runs"] >= 40
    assert result["healthy"]["stopped"] <= result["healthy"]["runs"] / 40
