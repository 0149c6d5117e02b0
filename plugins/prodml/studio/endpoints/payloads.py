"""Read a captured request as records of the model's columns, without personal values.

What is not exactly that, such as an image or a row of another width, has no record: a value of an
unknown column could be personal.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from prodml.studio.endpoints.columns import Columns
from prodml.vocabulary import Json

Cell = str | int | float | bool | None
LONGEST = 60  # characters of a cell
UNREADABLE = (ValueError, RecursionError)  # the latter of JSON that is nested too deeply


def text_of(half: Json) -> str | None:
    """Return the text of a captured request or answer; None for what is no text."""
    data = str(half.get("data", ""))
    if half.get("encoding") != "BASE64":
        return data
    try:
        return base64.b64decode(data, validate=True).decode("utf-8-sig")
    except ValueError:
        return None


def size_of(half: Json) -> int:
    """Return the bytes of a captured request or answer."""
    data = str(half.get("data", ""))
    if half.get("encoding") == "BASE64":
        return len(data) * 3 // 4 - data[-2:].count("=")
    return len(data.encode())


def records(text: str, columns: Columns, by_position: bool) -> list[dict[str, Cell]]:
    """Return the records of a request; empty if its form is unknown.

    :param by_position: Whether a row without a header was sent to a model of *columns*.
    """
    text = text.removeprefix("\ufeff").strip()
    if text[:1] in ("{", "["):
        return [_named(record, columns) for record in _documents(text)]
    if not (rows := _rows(text)):
        return []
    names = [name.strip() for name in rows[0]]
    if 2 * len({*names} & {*columns.inputs}) > len(names):
        return _in_order(rows[1:], names, columns)
    return _in_order(rows, columns.inputs, columns) if by_position else []


def _documents(text: str) -> list[Json]:
    """Return the objects of a JSON document or of JSON lines; empty if one is no object."""
    try:
        document: Any = json.loads(text)
    except UNREADABLE:
        try:
            document = [json.loads(line) for line in text.splitlines() if line.strip()]
        except UNREADABLE:
            return []
    listed = document if isinstance(document, list) else [document]
    return listed if all(isinstance(item, dict) for item in listed) else []


def _rows(text: str) -> list[list[str]]:
    try:
        return [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error:
        return []


def _in_order(
    rows: Sequence[Sequence[str]], names: Sequence[str], columns: Columns
) -> list[dict[str, Cell]]:
    """Return the records of *rows* whose cells are of *names*; none if a row has another width."""
    if any(len(row) != len(names) for row in rows) or len({*names}) < len(names):
        return []
    return [_named(dict(zip(names, row, strict=True)), columns) for row in rows]


def _named(record: Mapping[str, Any], columns: Columns) -> dict[str, Cell]:
    return {name: _cell(record[name]) for name in columns.shown if name in record}


def _cell(value: Any) -> Cell:
    if isinstance(value, float) and not math.isfinite(value):  # JSON for a browser has no NaN
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
