"""The options of each command: their defaults, and values that are refused."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from include.jobs.drift.command_line import (
    PROFILES,
    add_baseline_options,
    add_check_options,
    add_quality_options,
)
from include.jobs.drift.estimates import LIMITS as ESTIMATE
from include.jobs.drift.joint import LIMITS as JOINT

Add = Callable[[argparse.ArgumentParser], None]


def parsed(add: Add, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="drift")
    add(parser)
    return parser.parse_args(words)


def refused(capsys: pytest.CaptureFixture[str], add: Add, *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        parsed(add, *words)
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_a_baseline_has_this_projects_thresholds_unless_others_are_chosen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert parsed(add_baseline_options).profile in PROFILES
    given = parsed(add_baseline_options, "--profile", "model-monitor")
    assert PROFILES[given.profile] != PROFILES[parsed(add_baseline_options).profile]
    error = refused(capsys, add_baseline_options, "--profile", "strict")
    assert all(name in error for name in ("'strict'", *PROFILES))


def test_a_check_has_limits_of_its_own_or_the_usual_ones(
    capsys: pytest.CaptureFixture[str],
) -> None:
    usual = parsed(add_check_options, "--baseline", "b")
    assert (usual.baseline, usual.no_header, usual.report_failures) == (Path("b"), False, False)
    assert (usual.joint, usual.estimate) == (JOINT, ESTIMATE)
    own = parsed(add_check_options, "--baseline", "b", "--joint", "0.1", "0.2")
    assert (own.joint, own.estimate) == ([0.1, 0.2], ESTIMATE)
    assert "expected 2 arguments" in refused(
        capsys, add_check_options, "--baseline", "b", "--estimate", "0.1"
    )
    assert "required: --baseline" in refused(capsys, add_check_options)


def test_quality_needs_labels_and_a_problem_type_that_it_can_score(
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = parsed(add_quality_options, "--labels", "truth", "--problem", "regression")
    assert (given.labels, given.problem) == (Path("truth"), "regression")
    error = refused(capsys, add_quality_options, "--labels", "truth", "--problem", "ranking")
    assert "'ranking'" in error
    assert "multiclass" in error
