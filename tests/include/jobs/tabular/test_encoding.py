"""The numbers that a model sees of a record, or a refusal that names the column."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from include.jobs.tabular.encoding import Cell, Encoder, RecordError, codes
from tests.include.jobs.tabular.houses import ENCODED, MEDIANS, RECORD, SCHEMA

ENCODER = Encoder(SCHEMA, MEDIANS)


def encoded(**changes: Cell) -> str:
    return ENCODER.line([*{**RECORD, **changes}.values()])


@pytest.mark.parametrize("empty", ["", None])
def test_an_empty_number_becomes_the_median(empty: Cell) -> None:
    assert encoded(price=empty) == f"100.5{ENCODED.removeprefix('12.5')}"
    assert encoded(rooms=empty) == ENCODED.replace(",4,", ",3,", 1)


def test_a_number_without_a_median_is_asked_for() -> None:
    with pytest.raises(RecordError, match="'rooms' is empty, and has no median"):
        Encoder(SCHEMA, {}).line([*{**RECORD, "rooms": ""}.values()])


@pytest.mark.parametrize(
    ("cell", "text"),
    [("1234567.0", "1234567"), ("123456.5", "123456.5"), ("1e-7", "1e-07"), (".1", "0.1")],
)
def test_large_and_small_numbers_are_not_rounded(cell: str, text: str) -> None:
    assert encoded(price=cell) == encoded(price=float(cell)) == f"{text},4,1,0,1,1,0"


def test_a_number_stands_for_a_category_of_digits() -> None:
    assert encoded(zone=2) == encoded(zone="2") == "12.5,4,1,0,1,0,1"


def test_the_same_text_means_the_same_in_each_record() -> None:
    """A column keeps the texts that it has seen, not those of other columns."""
    lines = [encoded(price="7", rooms=""), encoded(price="", rooms="7"), encoded(price="7")]
    assert lines == [f"{numbers},1,0,1,1,0" for numbers in ("7,3", "100.5,7", "7,4")]


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        ("price", "dear", "'dear' is not a number. Correct it, or leave it empty to have it impu"),
        ("price", "1_0", "'1_0' is not a number"),
        ("price", [1], "'[1]' is not a number"),
        ("price", True, "'True' is not a number"),
        ("price", float("nan"), "'nan' is not a number"),
        ("price", json.loads("1e999"), "'inf' is not a number"),
        ("price", {"usd": 1}, "is not a number"),
        ("town", "Rom", "'Rom' is not an allowed value (Ulm, Bern). Correct it."),
        ("town", "", "'' is not an allowed value"),
        ("garden", True, "'True' is not an allowed value (no, yes)"),
        ("zone", True, "'True' is not an allowed value (1, 2)"),
        ("zone", 1.0, "'1.0' is not an allowed value"),
    ],
)
def test_a_value_that_no_model_takes_is_refused(column: str, cell: Cell, sentence: str) -> None:
    with pytest.raises(RecordError) as refused:
        encoded(**{column: cell})
    assert str(refused.value).startswith(f"Column {column!r}: ")
    assert sentence in str(refused.value)


@pytest.mark.parametrize("column", ["price", "town", "garden"])
def test_a_refusal_shows_no_personal_value(column: str) -> None:
    encoder = Encoder(replace(SCHEMA, personal=("price", "town", "garden")), MEDIANS)
    with pytest.raises(RecordError, match="a hidden value is not a") as refused:
        encoder.line([*{**RECORD, column: "canary"}.values()])
    assert "canary" not in str(refused.value)


def test_a_flag_is_one_feature_and_a_category_one_for_each_value() -> None:
    assert codes(SCHEMA, "garden") == {"no": "0", "yes": "1"}
    assert codes(SCHEMA, "town") == {"Ulm": "1,0", "Bern": "0,1"}
