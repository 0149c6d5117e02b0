"""The parameters of rules are checked, and rules travel as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import cast

import pytest
from prodml.debugger.rules import (
    RULES,
    ClassImbalance,
    HighUse,
    LossNotDecreasing,
    LowUse,
    NotFinite,
    Overfitting,
    Plateau,
    Rule,
    RuleError,
    SlowSteps,
    as_json,
    rules_of,
)

ALL: list[Rule] = [
    LossNotDecreasing("train:loss", patience=5, stop=True),
    Plateau("validation:auc", "Maximize"),
    Overfitting("train:loss", "validation:loss", tolerance=0.2),
    NotFinite(["train:loss"], stop=True),
    *(kind() for kind in RULES[4:]),
]


def test_rules_travel_as_json() -> None:
    assert {type(rule) for rule in ALL} == set(RULES)
    assert rules_of(json.loads(json.dumps(as_json(ALL)))) == tuple(ALL)
    assert rules_of(ALL) == tuple(ALL)
    assert all(rule.advice for rule in ALL)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LossNotDecreasing(""), "metric is ''. Set it to the name of a metric"),
        (lambda: LossNotDecreasing("a", patience=1), "patience is 1. Set it to a whole number"),
        (lambda: LossNotDecreasing("a", min_change=0), "min_change is 0. Set it to a number above"),
        (
            lambda: LossNotDecreasing("a", stop=cast(bool, "yes")),
            "stop is 'yes'. Set it to True or False",
        ),
        (lambda: Plateau("a", "down"), "direction is 'down'. Set it to 'Minimize' or 'Maximize'"),
        (lambda: Plateau("a", patience=True), "patience is True"),
        (lambda: Overfitting("a", "a"), "validation is 'a'. Set it to a metric other than train"),
        (lambda: NotFinite("loss"), "metrics is 'loss'. Set it to a tuple of names"),
        (lambda: ClassImbalance(ratio=1), "ratio is 1. Set it to a number above 1"),
        (lambda: ClassImbalance(classes=1), "classes is 1"),
        (lambda: LowUse("tpu"), "resource is 'tpu'. Set it to one of cpu, memory"),
        (lambda: HighUse(above=101), "above is 101. Set it to a number above 0 and at most 100"),
        (lambda: SlowSteps(patience=21), "patience is 21. Set it to at most 20"),
        (lambda: rules_of([{"rule": "Loss"}]), "Unknown rule {'rule': 'Loss'}. Use one of Loss"),
        (
            lambda: rules_of([{"rule": "LowUse", "under": 3}]),
            "LowUse has no parameter 'under'. Use stop, resource, below, patience.",
        ),
        (
            lambda: rules_of(cast(list[Rule], "LowUse")),
            "rules is 'LowUse'. Set it to a list of rules.",
        ),
    ],
)
def test_a_parameter_that_cannot_work_is_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(RuleError) as refused:
        make()
    assert message in str(refused.value)
