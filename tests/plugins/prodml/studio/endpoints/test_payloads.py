"""Read captured requests as records without personal values, or not at all."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from prodml.studio.endpoints.columns import Columns
from prodml.studio.endpoints.payloads import LONGEST, records, size_of, text_of

COLUMNS = Columns(("age", "bmi", "plan"), frozenset({"age", "patient"}), "patient")
SEEN = {"bmi": "21.5", "plan": "a"}
SECRET = "4711"


@pytest.mark.parametrize(
    "text",
    [
        f"{SECRET},21.5,a\n",
        f"\ufeffage,bmi,plan\n{SECRET},21.5,a",
        f"plan, bmi, age\na,21.5,{SECRET}",
        f'{{"plan": "a", "bmi": "21.5", "age": {SECRET}, "patient": {SECRET}}}',
        f'[{{"age": {SECRET}, "bmi": "21.5", "plan": "a", "Age": {SECRET}}}]',
        f'{{"age": {SECRET}, "bmi": "21.5", "plan": "a"}}\n{{"age": 1, "bmi": 2, "plan": "b"}}',
    ],
)
def test_values_have_their_columns_and_personal_ones_are_left_out(text: str) -> None:
    read = records(text, COLUMNS, by_position=True)
    assert read[0] == SEEN
    assert SECRET not in str(read)


@pytest.mark.parametrize(
    "text",
    [
        f"21.5,{SECRET}",  # of an older contract, by its width
        f"age,bmi\n{SECRET},21.5,a",
        f"age,age,bmi\n1,{SECRET},2",
        f'{{"instances": [[{SECRET}, 21.5, "a"]]}} and more',
        f"[{SECRET}, 21.5]",
        f"[[{SECRET}, 21.5, 1]]",
        "[" * 5_000,
        "",
        "PNG\x00",
        f'"{"x" * 200_000}',
    ],
)
def test_what_is_not_surely_a_record_of_the_columns_is_not_shown(text: str) -> None:
    assert records(text, COLUMNS, by_position=True) == []


def test_a_row_that_an_earlier_model_got_is_not_read_by_position() -> None:
    assert records(f"{SECRET},21.5,a", COLUMNS, by_position=False) == []
    assert records(f"age,bmi,plan\n{SECRET},21.5,a", COLUMNS, by_position=False) == [SEEN]


def test_unknown_names_are_not_shown_and_long_or_nested_cells_are_cut() -> None:
    document = f'{{"notes": "{SECRET}", "bmi": {{"a": [1]}}, "plan": "{"x" * 90}"}}'
    assert records(document, COLUMNS, by_position=True) == [
        {"bmi": '{"a": [1]}', "plan": "x" * LONGEST + "…"}
    ]


def test_a_number_that_json_does_not_have_is_text() -> None:
    document = '{"bmi": NaN, "plan": 1e999}'
    assert records(document, COLUMNS, by_position=True) == [{"bmi": "nan", "plan": "inf"}]


def test_base64_is_decoded_if_it_is_text() -> None:
    half: dict[str, Any] = {"encoding": "BASE64", "data": base64.b64encode(b"1,2").decode()}
    assert (text_of(half), size_of(half)) == ("1,2", 3)
    assert text_of(half | {"data": base64.b64encode(b"\x89PNG").decode()}) is None
    assert size_of({"encoding": "JSON", "data": '"é"'}) == 4
