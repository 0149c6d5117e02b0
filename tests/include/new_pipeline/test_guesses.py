"""Guesses about samples of every kind of label and column."""

from __future__ import annotations

from typing import Any

import pytest

from include.new_pipeline.columns import Kind
from include.new_pipeline.errors import SampleError
from tests.include.new_pipeline.samples import BINARY, MULTICLASS, ODD, REGRESSION, guessed


def test_two_classes_with_the_one_to_find_last() -> None:
    made = guessed(BINARY, "defaulted")
    schema = made.schema
    assert (schema.key, dict(schema.labels or {})) == ("loan_id", {"good": 0, "bad": 1})
    assert (schema.numbers, schema.flags) == (("amount",), ("paid",))
    assert dict(schema.categories) == {"region": ("east", "north", "south")}
    assert [(c.name, c.remark) for c in made.of(Kind.LEFT_OUT)] == [
        ("customer_email", "60 different texts, too many for a vocabulary")
    ]


def test_several_classes_by_their_names() -> None:
    made = guessed(MULTICLASS, "species")
    assert made.labels == {"setosa": 0, "ver'sicolor": 1, 'vir"ginica': 2}
    assert made.schema.numbers == ("length", "width")


def test_amounts_with_a_gain_of_their_size() -> None:
    made = guessed(REGRESSION, "price")
    assert made.labels is None
    assert made.schema.categories["zip"] == tuple(f"0{1000 + n}" for n in range(7))
    assert made.schema.personal == ("zip",)
    left = {column.name: column.remark for column in made.of(Kind.LEFT_OUT)}
    assert left["note"] == "free text"
    assert left["sold_on"].startswith("dates")
    assert made.spread == pytest.approx(37.5 * 17.3, rel=0.01)


def test_odd_names_and_empty_cells() -> None:
    made = guessed(ODD, "Ziel")
    assert made.key == "Order ID"
    assert made.labels == {"0": 0, "1": 1}
    assert made.schema.categories["tabs\tand \\"] == ("", "a\\b", "c")
    remarks = {column.name: column.remark for column in made.columns}
    assert remarks["empty"] == "every cell is empty"
    assert remarks["same"] == "every cell is 'x'"
    assert "'NA' is refused as a number" in remarks["N/A"]


@pytest.mark.parametrize(
    ("values", "problem", "classes"),
    [
        (["1", "2", "3"] * 20, None, 3),
        (["1", "2", "3"] * 20, "regression", None),
        ([str(n) for n in range(60)], None, None),
        (["0.0", "1.0"] * 30, None, 2),
        (["1.5", "2.5", "3.5"] * 20, None, None),
        (["1.5", "2.5", "3.5"] * 20, "classification", 3),
    ],
)
def test_numbers_of_a_label_are_classes_or_amounts(
    values: list[str], problem: str | None, classes: int | None
) -> None:
    columns = {"id": [f"r{n}" for n in range(60)], "x": [f"{n}.5" for n in range(60)], "y": values}
    labels = guessed(columns, "y", **({"problem": problem} if problem else {})).labels
    assert (len(labels) if labels else None) == classes


@pytest.mark.parametrize(
    ("changes", "given", "sentence"),
    [
        ({"loan_id": ["a"] * 60, "customer_email": ["b"] * 60, "amount": ["1"] * 60}, {}, "--key"),
        ({}, {"key": "gone"}, "has no column 'gone'. Use one of: loan_id"),
        ({}, {"key": "defaulted"}, "is both --key and --label"),
        ({}, {"problem": "regression"}, "has 'bad', which is not a number"),
        ({"defaulted": [f"text {n}" for n in range(60)]}, {}, "predicts at most 50 classes"),
        (
            {"amount": ["1"] * 60, "paid": [""] * 60, "region": ["x"] * 60},
            {},
            "has no column to learn from ('amount': every cell is '1'",
        ),
    ],
)
def test_what_cannot_be_guessed_is_asked_for(
    changes: dict[str, Any], given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SampleError) as refused:
        guessed(BINARY | changes, "defaulted", **given)
    assert sentence in str(refused.value)
