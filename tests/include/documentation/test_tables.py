"""Cells that could break a table, and values as code spans."""

from __future__ import annotations

import pytest

from include.documentation.tables import code, table


def test_a_cell_with_pipes_and_line_breaks_stays_one_cell() -> None:
    text = table(("name", "meaning"), [("a", "one | two\n  of  three")])
    assert text == "| name | meaning |\n| --- | --- |\n| a | one \\| two of three |\n"


def test_a_table_without_rows_has_its_head() -> None:
    assert table(("name",), []) == "| name |\n| --- |\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "`true`"), (False, "`false`"), (0, "`0`"), ("True", "`True`"), (None, ""), ("", "")],
)
def test_values_are_shown_as_json_has_them(value: object, text: str) -> None:
    assert code(value) == text
