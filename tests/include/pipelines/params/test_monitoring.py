"""The forms of score_* and check_*_drift."""

from __future__ import annotations

import re
from typing import Any

import pytest

from include.pipelines import params
from include.pipelines.params.monitoring import K_OF_N
from tests.include.pipelines.params.forms import defaults, refuses, takes


@pytest.mark.parametrize("form", [params.SCORE, params.CHECK], ids=["score", "check"])
def test_the_defaults_are_accepted(form: dict[str, Any]) -> None:
    assert defaults(form)


@pytest.mark.parametrize(
    ("form", "name", "value"),
    [
        (params.SCORE, "partition", "2024-13-01"),
        (params.CHECK, "alerts_of_windows", "3 of 2"),
        (params.CHECK, "alerts_of_windows", "some"),
        (params.CHECK, "window_start", "yesterday"),
        (params.CHECK, "baseline", "last-year"),
        (params.CHECK, "cooldown_hours", -1),
    ],
)
def test_the_form_refuses_what_cannot_work(form: dict[str, Any], name: str, value: Any) -> None:
    refuses(form, name, value)


def test_a_window_may_be_given_by_moments() -> None:
    takes(params.CHECK, "window_start", "2024-03-11T00:00:00+00:00")


def test_no_rule_wants_more_alerts_than_windows() -> None:
    fitting = {f"{k} of {n}" for k in range(11) for n in range(11) if 1 <= k <= n <= 9}
    every = {f"{k} of {n}" for k in range(11) for n in range(11)}
    assert {text for text in every if re.fullmatch(K_OF_N, text)} == fitting
