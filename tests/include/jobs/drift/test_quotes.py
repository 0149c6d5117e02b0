"""A quote that is never closed: rows in a cell are found, and texts of several lines are not."""

from __future__ import annotations

import pyarrow as pa
import pytest

from include.jobs.drift.quotes import swallowed


def rows(*cells: str) -> pa.RecordBatch:
    numbers = pa.array([str(n) for n in range(len(cells))])
    return pa.RecordBatch.from_arrays([numbers, pa.array(cells)], names=["n", "note"])


@pytest.mark.parametrize("cell", ["a\n1,b", "a\n1,b\n2,c\n", "a\r\n,b\r\n"])
def test_rows_in_a_cell_are_found(cell: str) -> None:
    assert swallowed(rows("x", cell), ",") == ("note", cell.splitlines()[0])


@pytest.mark.parametrize("cell", ["plain", "a\nb", "Dear Sir\nthanks, Ann", "a\n1;b", "a\n1,b,c"])
def test_texts_of_several_lines_are_texts(cell: str) -> None:
    assert swallowed(rows("x", cell), ",") is None


def test_without_numbers_only_several_rows_are_no_chance() -> None:
    texts = pa.RecordBatch.from_pydict({"a": ["x"], "b": ["y\nhello, you"]})
    assert swallowed(texts, ",") is None
    texts = pa.RecordBatch.from_pydict({"a": ["x"], "b": ["y\nx,y\nx,y\nx,y"]})
    assert swallowed(texts, ",") == ("b", "y")
