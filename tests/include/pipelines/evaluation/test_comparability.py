"""A holdout of one input contract, and models of the same and of others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from include.jobs.tabular.contract import contract_document
from include.jobs.tabular.schema import Schema
from include.pipelines.definition.contract import Contract
from include.pipelines.evaluation.comparability import (
    Comparability,
    changes,
    comparability,
    input_filter,
)

SCHEMA = Schema(
    key="id",
    label="churned",
    labels={"no": 0, "yes": 1},
    numbers=("age", "calls"),
    flags=("roaming",),
    categories={"plan": ("basic", "gold"), "state": ("KS", "OH")},
)


def _contract(**other: Any) -> Contract:
    return Contract.of(contract_document(replace(SCHEMA, **other)))


def _serves(**model: Any) -> Comparability:
    return comparability(_contract(**model), _contract())


def test_the_same_contract_takes_every_column() -> None:
    assert _serves() == Comparability()
    assert _serves(key="customer", personal=("age",)) == Comparability()  # no part of it


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ({"numbers": ("calls",)}, "$[1:]"),
        ({"numbers": (), "flags": ()}, "$[3:]"),
        ({"flags": ()}, "$[0,1,3,4]"),
        ({"categories": {"plan": ("basic", "gold")}}, "$[0,1,2,3]"),
        ({"numbers": ("calls", "age")}, "$[1,0,2,3,4]"),
        ({"numbers": ("age",), "flags": (), "categories": {}}, "$[0]"),
        ({"categories": {"plan": ("basic", "gold", "platinum"), "state": ("KS", "OH")}}, None),
    ],
    ids=["first", "categories", "flag", "last", "order", "one", "wider-vocabulary"],
)
def test_model_of_a_part_of_the_columns_is_served(model: dict[str, Any], path: str | None) -> None:
    assert _serves(**model) == Comparability(input_filter=path)


@pytest.mark.parametrize(
    ("model", "obstacle"),
    [
        (
            {"numbers": ("age", "calls", "income")},
            "takes the columns ['income'], which the holdout lacks",
        ),
        (
            {"numbers": ("age", "calls", "roaming"), "flags": ()},
            "takes 'roaming' as a number, which is a flag in the holdout",
        ),
        (
            {"categories": {"plan": ("basic",), "state": ("KS", "OH")}},
            "does not know the values ['gold'] of 'plan'",
        ),
        (
            {"labels": {"yes": 0, "no": 1}},
            "answers classes ['yes', 'no'], and the holdout's labels are classes ['no', 'yes']",
        ),
        (
            {"labels": None},
            "answers a number, and the holdout's labels are classes ['no', 'yes']",
        ),
    ],
    ids=["column", "kind", "value", "classes", "regression"],
)
def test_model_that_the_holdout_cannot_serve(model: dict[str, Any], obstacle: str) -> None:
    assert _serves(**model) == Comparability(obstacle)


def test_every_obstacle_is_named() -> None:
    numbers = ("age", "calls", *(f"extra_{place}" for place in range(7)))
    (columns, values) = str(
        _serves(numbers=numbers, categories={"plan": (), "state": ("KS", "OH")}).obstacle
    ).split("; ")
    assert columns.endswith("'extra_4'] and 2 more, which the holdout lacks")
    assert values == "does not know the values ['basic', 'gold'] of 'plan'"


def test_model_of_unknown_contract_is_not_compared() -> None:
    assert str(comparability(None, _contract()).obstacle).startswith("states no input_contract")


def test_more_columns_than_a_transform_job_can_select_are_not_compared() -> None:
    """SageMaker's InputFilter has at most 63 characters."""
    names = tuple(f"n{place:02d}" for place in range(60))
    holdout = _contract(numbers=names)
    fits, wide = _contract(numbers=names[1:]), _contract(numbers=names[:-1])
    assert comparability(fits, holdout) == Comparability(input_filter="$[1:]")
    assert str(comparability(wide, holdout).obstacle).startswith("takes 62 of the holdout's 63")


def test_filter_that_selects_every_column_is_left_out() -> None:
    assert input_filter(["a", "b"], ["a", "b"]) is None
    assert input_filter(["a", "b", "c"], ["c"]) == "$[2:]"


@pytest.mark.parametrize(
    ("new", "what"),
    [
        ({"numbers": ("calls", "income")}, "send ['income'] too; leave out ['age']"),
        (
            {"numbers": ("age", "calls", "roaming"), "flags": ()},
            "send 'roaming' as a number instead of a flag",
        ),
        (
            {"categories": {"plan": ("gold",), "state": ("KS", "OH")}},
            "send no ['basic'] as 'plan'",
        ),
        ({"numbers": ("calls", "age")}, "order the columns anew"),
        ({"labels": None}, "expect a number"),
    ],
    ids=["columns", "kind", "value", "order", "answers"],
)
def test_callers_learn_what_to_change(new: dict[str, Any], what: str) -> None:
    said = changes(_contract(**new), _contract())
    assert said == f"Callers must change their requests: {what}."
    assert changes(_contract(), _contract()) is None
