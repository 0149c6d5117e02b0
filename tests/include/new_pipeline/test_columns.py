"""Guesses about one column, from its texts and its name."""

from __future__ import annotations

import pytest

from include.new_pipeline.columns import (
    MOST_VALUES,
    Kind,
    are_numbers,
    guess,
    is_identifier,
    is_personal,
    words,
)


@pytest.mark.parametrize(
    ("name", "texts", "kind"),
    [
        ("x", ["1", "2.5", "-3e4", ""], Kind.NUMBER),
        ("x", ["inf", "1", "1", "2", "2", "2"], Kind.CATEGORY),
        ("x", ["1_000", "2", "2", "2"], Kind.CATEGORY),
        ("answer", ["yes", "no", "yes"], Kind.FLAG),
        ("answer", ["Yes", "No", "Yes"], Kind.CATEGORY),
        ("sessionId", ["1", "2", "3", "4"], Kind.LEFT_OUT),
        ("at", ["2024-01-01T00:00:00", "2024-01-02"], Kind.LEFT_OUT),
    ],
)
def test_a_columns_kind(name: str, texts: list[str], kind: Kind) -> None:
    assert guess(name, texts).kind is kind


def test_booleans_of_a_typed_file_are_flags_whatever_their_texts() -> None:
    assert guess("x", ["true", "false"], is_boolean=True).kind is Kind.FLAG
    assert guess("x", ["yes", "no", ""]).remark.startswith("check: some cells are empty")


def test_few_whole_numbers_may_be_codes() -> None:
    assert guess("x", ["1", "2", "1"]).remark == "guess: or a category, of 1, 2"
    assert guess("x", ["1.5", "2.5", "1.5"]).remark == ""


def test_vocabulary_has_the_empty_text_only_for_empty_cells() -> None:
    assert guess("x", ["b", "a", "b", "a"]).values == ("a", "b")
    assert guess("x", ["b", "a", "", "a"]).values == ("", "a", "b")


def test_vocabulary_has_a_largest_size() -> None:
    texts = [f"text {number}" for number in range(MOST_VALUES + 1)] * 4
    assert (
        guess("x", texts).remark == f"{MOST_VALUES + 1} different texts, too many for a vocabulary"
    )
    assert guess("x", texts[:MOST_VALUES] * 4).kind is Kind.CATEGORY


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["1", " 2 ", "+.5e3"], True),
        (["007"], False),
        (["0"], True),
        (["1e999"], False),
        ([], False),
    ],
    ids=["numbers", "code", "zero", "infinite", "nothing"],
)
def test_numbers_are_finite_and_no_codes(texts: list[str], expected: bool) -> None:
    assert are_numbers(texts) is expected


@pytest.mark.parametrize("name", ["CustomerId", "customer_id", "customer id", "CUSTOMER-ID"])
def test_names_are_read_word_by_word(name: str) -> None:
    assert words(name) == {"customer", "id"}
    assert is_identifier(name)
    assert is_personal(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("first_name", True), ("firstname", True), ("zipCode", True), ("voltage", False)],
)
def test_part_of_a_word_is_not_personal(name: str, expected: bool) -> None:
    assert is_personal(name) is expected
