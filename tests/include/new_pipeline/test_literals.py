"""Literals have the value that they stand for, in the form of `ruff format`."""

from __future__ import annotations

import ast

import pytest

from include.new_pipeline import literals

LONG = [f"a value of some length, number {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('12" pipe', "'12\" pipe'"),
        ("both ' and \"", '"both \' and \\""'),
        ("tab\tand \\", '"tab\\tand \\\\"'),
        ("größe", '"größe"'),
    ],
)
def test_quotes_are_those_with_fewer_escapes(value: str, source: str) -> None:
    assert literals.text(value) == source
    assert ast.literal_eval(source) == value


def test_remark_is_one_line_and_no_remark_no_comment() -> None:
    assert literals.comment("two\nlines  of it") == "  # two lines of it"
    assert literals.comment("") == ""


def test_tuple_of_one_has_its_comma() -> None:
    assert [literals.pair(["a"]), literals.pair(["a", "b"])] == ['("a",)', '("a", "b")']
    assert literals.names("numbers=", [("a", "")], 1) == ['    numbers=("a",),']


def test_names_with_remarks_have_a_line_each() -> None:
    assert literals.names("numbers=", [("a", "check"), ("b", "")], 1) == [
        "    numbers=(",
        '        "a",  # check',
        '        "b",',
        "    ),",
    ]


@pytest.mark.parametrize("length", [80, 81])
def test_remark_that_makes_a_line_too_long_is_above_it(length: int) -> None:
    """The line has 8 characters of indentation, 4 of code, and 4 before the remark."""
    lines = literals.remarked('"a",', "x" * (length + 4), 1)
    assert len(lines) == (1 if length == 80 else 2)
    assert max(map(len, lines)) + 8 <= literals.WIDTH


def test_vocabulary_is_one_line_where_it_fits() -> None:
    (line,) = literals.vocabulary("region", ["north", "south"], "guess", 2)
    assert line == '        "region": ("north", "south"),  # guess'
    above, head, *values, tail = literals.vocabulary("region", LONG, "guess", 2)
    assert (above, head, tail) == ("        # guess", '        "region": (', "        ),")
    assert [ast.literal_eval(value.strip(" ,")) for value in values] == LONG
