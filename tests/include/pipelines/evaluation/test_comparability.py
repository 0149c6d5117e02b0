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
    ("model", "columns"),
    [
        ({"numbers": ("calls",)}, "1-4"),
        ({"numbers": (), "flags": ()}, "3-4"),
        ({"flags": ()}, "0-1,3-4"),
        ({"categories": {"plan": ("basic", "gold")}}, "0-3"),
        ({"numbers": ("calls", "age")}, "1,0,2-4"),
        ({"numbers": ("age",), "flags": (), "categories": {}}, "0"),
        ({"categories": {"plan": ("basic", "gold", "platinum"), "state": ("KS", "OH")}}, None),
    ],
    ids=["first", "categories", "flag", "last", "order", "one", "wider-vocabulary"],
)
def test_model_of_a_part_of_the_columns_is_served(
    model: dict[str, Any], columns: str | None
) -> None:
    assert _serves(**model) == Comparability(columns=columns)


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


def test_more_places_than_a_variable_can_name_are_not_compared() -> None:
    names = tuple(f"n{place:03d}" for place in range(600))
    holdout = _contract(numbers=names)
    fits, odd = _contract(numbers=names[:-1]), _contract(numbers=names[::2])
    assert comparability(fits, holdout) == Comparability(columns="0-598,600-602")
    assert str(comparability(odd, holdout).obstacle).startswith("takes 303 of the holdout's 603")


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
