"""Find cells that hold whole rows: a quote that is never closed takes all lines up to the next."""

from __future__ import annotations

import csv
import re

import pyarrow as pa

from .numerals import NUMBER

NUMERIC = re.compile(NUMBER)
BREAK = b"\n"
SEEN = 20  # cells by which a column is one of numbers
LINES = 3  # rows in one cell that are no chance, where no column is one of numbers


def swallowed(rows: pa.RecordBatch, separator: str) -> tuple[str, str] | None:
    """Return a column, and the start of a cell of it that holds rows; None if no cell does."""
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        data = column.buffers()[-1]
        if data is None or BREAK not in data.to_pybytes():
            continue
        numeric = _numeric(rows)
        for cell in column.to_pylist():
            if cell and "\n" in cell and _holds_rows(cell, separator, rows.num_columns, numeric):
                return name, cell.splitlines()[0]
    return None


def _numeric(rows: pa.RecordBatch) -> list[int]:
    """Return the places of the columns that begin with numbers."""
    heads = [column.slice(0, SEEN).drop_null().to_pylist() for column in rows.columns]
    return [i for i, head in enumerate(heads) if head and all(map(NUMERIC.match, head))]


def _holds_rows(cell: str, separator: str, width: int, numeric: list[int]) -> bool:
    """Return whether the lines of *cell*, after the one that it begins on, are rows."""
    lines = [line for line in cell.splitlines()[1:] if line.strip()]
    parts = [row for row in csv.reader(lines, delimiter=separator) if len(row) == width > 1]
    if not numeric:
        return len(parts) >= LINES
    return any(all(not row[i] or NUMERIC.match(row[i]) for i in numeric) for row in parts)
