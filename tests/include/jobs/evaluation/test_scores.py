"""The problem of a model, and the direction of a gain."""

from __future__ import annotations

import pytest

from include.jobs.evaluation.scores import SCORES, SECTIONS, gain, problem_of


@pytest.mark.parametrize(
    ("classes", "problem"),
    [([], "regression"), (["no", "yes"], "binary"), (["a", "b", "c"], "multiclass")],
)
def test_the_classes_state_the_problem(classes: list[str], problem: str) -> None:
    assert problem_of(classes) == problem
    assert problem in SCORES
    assert problem in SECTIONS


@pytest.mark.parametrize(
    ("problem", "score", "sign"),
    [("binary", "auc", 1), ("binary", "log_loss", -1), ("regression", "rmse", -1)],
)
def test_a_gain_is_positive_where_the_challenger_is_better(
    problem: str, score: str, sign: int
) -> None:
    assert gain(problem, score, 0.75, 0.5) == sign * 0.25
    assert gain(problem, score, 0.5, 0.75) == sign * -0.25
