"""Encode records as the numbers that a model sees, as text: the same in a job and at an endpoint.

Pure Python: a record costs a few look-ups, so that one takes microseconds and a file no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import isfinite

from .schema import Medians, Schema

Cell = object  # a text of a CSV file, or a value of a JSON document
KEPT = 10_000  # texts of a column whose numbers are kept


class RecordError(ValueError):
    """Raised for a record that no model of the schema can answer; the message names the column."""


class Encoder:
    """Turns records, whose cells have the order of the schema's inputs, into lines of CSV."""

    def __init__(self, schema: Schema, medians: Medians) -> None:
        self._columns = [
            *(_number(schema, name, medians) for name in schema.numbers),
            *(_flag(schema, name) for name in schema.flags),
            *(_category(schema, name) for name in schema.categories),
        ]

    def line(self, cells: Sequence[Cell]) -> str:
        """Return the features of one record, without a line's end; raise RecordError."""
        return ",".join(
            [
                (known.get(cell) if isinstance(cell, str) else None) or encoded(cell)
                for (known, encoded), cell in zip(self._columns, cells, strict=True)
            ]
        )


Column = tuple[Mapping[str, str], Callable[[Cell], str]]  # known texts, and the way to others


def _number(schema: Schema, name: str, medians: Medians) -> Column:
    known: dict[str, str] = {}

    def encoded(cell: Cell) -> str:
        text = _as_number(schema, name, medians, cell)
        if isinstance(cell, str) and len(known) < KEPT:
            known[cell] = text
        return text

    return known, encoded


def _as_number(schema: Schema, name: str, medians: Medians, cell: Cell) -> str:
    if cell == "" or cell is None:
        if name not in medians:
            raise RecordError(f"Column {name!r} is empty, and has no median. Give a number.")
        return f"{medians[name]:.12g}"
    try:
        value = float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise _no_number(schema, name, cell) from None
    if not isfinite(value) or cell is True or cell is False or "_" in str(cell):
        raise _no_number(schema, name, cell)
    return f"{value:.12g}"


def _flag(schema: Schema, name: str) -> Column:
    def refused(cell: Cell) -> str:
        raise _unknown(schema, name, cell)

    return codes(schema, name), refused


def _category(schema: Schema, name: str) -> Column:
    one_hot = codes(schema, name)

    def encoded(cell: Cell) -> str:
        """Return the features of a number that stands for a text of digits."""
        text = str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else ""
        if text not in one_hot:
            raise _unknown(schema, name, cell)
        return one_hot[text]

    return one_hot, encoded


def codes(schema: Schema, name: str) -> dict[str, str]:
    """Return the features of each value of a flag or a category."""
    values = schema.vocabulary(name)
    if name in schema.flags:
        return {value: str(number) for number, value in enumerate(values)}
    return {value: ",".join("1" if one == value else "0" for one in values) for value in values}


def _no_number(schema: Schema, name: str, cell: Cell) -> RecordError:
    return RecordError(
        f"Column {name!r}: {_shown(schema, name, cell)} is not a number. Correct it, or leave it "
        "empty to have it imputed."
    )


def _unknown(schema: Schema, name: str, cell: Cell) -> RecordError:
    return RecordError(
        f"Column {name!r}: {_shown(schema, name, cell)} is not an allowed value "
        f"({schema.allowed(name)}). Correct it."
    )


def _shown(schema: Schema, name: str, cell: Cell) -> str:
    return schema.shown(name, cell if isinstance(cell, str) else repr(cell))
