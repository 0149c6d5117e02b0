"""Read the records of a request: CSV with or without a header, JSON, a list, or JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .encoding import Cell, RecordError
from .schema import Schema

CSV, JSON = "text/csv", "application/json"
LINES = ("application/jsonlines", "application/x-jsonlines", "application/x-ndjson")


class UnsupportedType(RecordError):
    """Raised for a content type that holds no records."""


@dataclass(frozen=True)
class Records:
    """The cells of each record in the order of the schema's inputs.

    *alone* is true for one record that is not an element of a list.
    """

    rows: list[Sequence[Cell]]
    alone: bool


def read_records(schema: Schema, body: str | bytes, content_type: str) -> Records:
    """Return the records of a request's body; raise RecordError with the remedy."""
    kind = content_type.partition(";")[0].strip().lower()
    text = _text(body)
    if not text.strip():
        raise RecordError("The body is empty. Send at least one record.")
    if kind == CSV:
        rows = _csv(schema, text)
        return Records(rows, len(rows) == 1)
    if kind == JSON:
        document = _json(text, "The body")
        if isinstance(document, list):
            return Records(_listed(schema, document), False)
        return Records([_ordered(schema, document, "")], True)
    if kind in LINES:
        lines = [line for line in text.splitlines() if line.strip()]
        documents = [_json(line, f"Line {number}") for number, line in enumerate(lines, 1)]
        return Records(_listed(schema, documents), len(documents) == 1)
    raise UnsupportedType(
        f"Content type {content_type!r} is not supported. Send {CSV}, {JSON} or {LINES[0]}."
    )


def _text(body: str | bytes) -> str:
    if isinstance(body, str):
        return body.removeprefix("\ufeff")
    try:
        return bytes(body).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RecordError("The body is not UTF-8. Send it as UTF-8.") from None


def _csv(schema: Schema, text: str) -> list[Sequence[Cell]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    except csv.Error as error:
        raise RecordError(f"The body is not CSV: {error}. Correct its quotes.") from None
    if order := _order(schema, rows[0]):
        rows = [[row[place] for place in order] for row in _of_width(schema, rows[1:], 2)]
        if not rows:
            raise RecordError("The body has a header and no record. Send at least one record.")
        return list(rows)
    return list(_of_width(schema, rows, 1))


def _of_width(schema: Schema, rows: list[list[str]], first: int) -> list[list[str]]:
    """Return *rows* if each has as many cells as the schema has inputs."""
    width = len(schema.inputs)
    for number, row in enumerate(rows, first):
        if len(row) != width:
            raise RecordError(
                f"Row {number} has {len(row)} values, and a record has {width}. Send "
                f"{', '.join(schema.inputs)} in this order, or JSON with these names."
            )
    return rows


def _order(schema: Schema, row: Sequence[str]) -> list[int] | None:
    """Return where each input is under a header; None for a row of values.

    A row of which most cells are names of inputs is a header: raise RecordError where its names
    are not exactly the schema's.
    """
    names = [name.strip() for name in row]
    known = set(schema.inputs)
    if 2 * sum(name in known for name in names) <= len(names):
        return None
    _check_names(schema, names, "The header")
    return [names.index(name) for name in schema.inputs]


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" (column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise RecordError(
            f"{where} is not JSON{place}. Send one JSON object, a list of objects, or one object "
            f"a line as {LINES[0]}."
        ) from None


def _listed(schema: Schema, documents: list[Any]) -> list[Sequence[Cell]]:
    if not documents:
        raise RecordError("The list is empty. Send at least one record.")
    return [_ordered(schema, item, f"Record {n}") for n, item in enumerate(documents, 1)]


def _ordered(schema: Schema, record: Any, where: str) -> Sequence[Cell]:
    """Return the cells of an object in the schema's order; the key may be in it, and is ignored."""
    if not isinstance(record, dict):
        raise RecordError(
            f"{where or 'The body'} is not a JSON object. Send the columns by their names."
        )
    names, key = schema.inputs, schema.key
    if len(record) - (key in record) == len(names):
        try:
            return [record[name] for name in names]
        except KeyError:
            pass
    _check_names(schema, [name for name in record if name != key], where or "The record")
    raise AssertionError(f"{where} has the schema's names, and is refused.")


def _check_names(schema: Schema, names: Iterable[str], where: str) -> None:
    """Raise RecordError where *names* are not exactly the schema's inputs."""
    there = list(names)
    inputs = schema.inputs
    missing = [name for name in inputs if name not in there]
    problems = [_unknown(schema, name, missing) for name in there if name not in inputs]
    problems += [f"lacks column {name!r}" for name in missing]
    problems += [f"has column {n!r} twice" for n in dict.fromkeys(there) if there.count(n) > 1]
    if problems:
        raise RecordError(f"{where} {', and '.join(problems[:5])}. Send exactly the inputs.")


def _unknown(schema: Schema, name: str, missing: Sequence[str]) -> str:
    if name == schema.label:
        return f"has column {name!r}, which the model predicts"
    close = get_close_matches(name, missing, 1)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    return f"has an unknown column {name!r}{hint}"
