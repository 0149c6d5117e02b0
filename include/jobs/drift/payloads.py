"""Decode captured requests and responses: CSV, JSON or BASE64 into columns."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.csv as pacsv

from .contracts import Contract
from .errors import OtherColumns, UnreadableData, quoted
from .json_rows import Rows, rows_of_text
from .tables import csv_options

MARK = "\ufeff"  # which some programs write before a text
NOTHING = re.compile(r'[\s\[\]{}"]*|null|\{\s*"\w+"\s*:\s*(?:\[\s*\]|null|\{\s*\})\s*\}')
SHORT = 64  # characters that a document without a row may have


class Payload(NamedTuple):
    """One half of a record: *data* is text in *encoding*; of encoding ROWS, a hook's rows."""

    line: int
    encoding: str
    data: Any


def is_empty(payload: Payload) -> bool:
    """Say whether a payload holds no row at all, as `[]`, `{}` and `{"predictions": []}` do."""
    if payload.encoding == "ROWS" or len(payload.data) > SHORT:
        return False
    text = payload.data
    if payload.encoding == "BASE64":
        try:
            text = base64.b64decode(text, validate=True).decode()
        except ValueError:
            return False
    return bool(NOTHING.fullmatch(text.strip()))


def decode(
    source: str,
    payloads: Sequence[Payload],
    names: Sequence[str] | None,
    contract: Contract | None = None,
) -> Iterator[pa.RecordBatch]:
    """Batches of the payloads' rows; without *names*, values are called prediction.

    Raises OtherColumns for a row that names its values, and not those of the *contract*.
    """
    texts = []
    rows: Rows = []
    for payload in payloads:
        parsed = _parsed(source, payload, names)
        if isinstance(parsed, str):
            texts.append((payload.line, parsed))
        else:
            _refuse_others(source, payload.line, parsed, contract)
            rows += _checked(source, payload.line, parsed, names)
    if texts:
        yield from _csv(source, texts, names)
    if rows:
        yield from _tables(rows, names)


def _parsed(source: str, payload: Payload, names: Sequence[str] | None) -> str | Rows:
    """Return CSV text to be read with its neighbours, or the rows of a JSON document."""
    if payload.encoding == "CSV" and payload.data[:1] not in ("[", "{"):
        return _body(payload.data, names)
    if payload.encoding == "ROWS":
        return list(payload.data)
    try:
        if payload.encoding in ("JSON", "CSV"):
            return rows_of_text(payload.data.removeprefix(MARK))
        text = base64.b64decode(payload.data, validate=True).decode()
        is_json = text.lstrip(MARK).lstrip()[:1] in ("[", "{")
        return rows_of_text(text.removeprefix(MARK)) if is_json else _body(text, names)
    except (ValueError, binascii.Error) as error:
        raise UnreadableData(
            f"{source} line {payload.line}: its {payload.encoding} payload is neither CSV nor JSON "
            f"text ({quoted(error)}). Read it with a pre-processing script."
        ) from None


def _body(text: str, names: Sequence[str] | None) -> str:
    """Return CSV without a byte order mark and a header of the names, in the names' order."""
    text = text.removeprefix(MARK)
    head, _, rest = text.partition("\n")
    if not names or names[0] not in head:
        return text
    cells = next(csv.reader([head], skipinitialspace=True), [])
    first = [name.strip() for name in cells]
    if first == list(names):
        return rest
    return _reordered(rest, first, names) if sorted(first) == sorted(names) else text


def _reordered(text: str, header: Sequence[str], names: Sequence[str]) -> str:
    order = [header.index(name) for name in names]
    lines = io.StringIO()
    rows = filter(None, csv.reader(io.StringIO(text, newline="")))
    csv.writer(lines, lineterminator="\n").writerows(
        [row[place] for place in order] if len(row) == len(order) else row for row in rows
    )
    return lines.getvalue()


def _refuse_others(source: str, line: int, rows: Rows, contract: Contract | None) -> None:
    if contract is None:
        return
    for row in rows:
        if isinstance(row, dict) and (difference := contract.difference(_flat(row))):
            raise OtherColumns(f"{source} line {line}", difference)


def _checked(source: str, line: int, rows: Rows, names: Sequence[str] | None) -> Rows:
    for row in rows:
        if names and isinstance(row, list) and len(row) != len(names):
            raise _misfit(source, line, len(row), names)
        if not isinstance(row, list | dict):
            raise UnreadableData(
                f"{source} line {line}: {quoted(repr(row))} is no row. Read it with a "
                "pre-processing script."
            )
    return rows


def _tables(rows: Rows, names: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    lists = [row for row in rows if isinstance(row, list)]
    if lists:
        called = names or predictions(max(map(len, lists)))
        columns = [[row[i] if i < len(row) else None for row in lists] for i in range(len(called))]
        yield pa.RecordBatch.from_arrays([_array(c) for c in columns], names=list(called))
    mappings = [_flat(row) for row in rows if isinstance(row, dict)]
    if mappings:
        keys = list(dict.fromkeys(key for row in mappings for key in row))
        columns = [[row.get(key) for row in mappings] for key in keys]
        yield pa.RecordBatch.from_arrays([_array(c) for c in columns], names=keys)


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Members of members are columns of their own, `a.b`, and so are a list's, `a_0`."""
    if not any(isinstance(value, list | dict) for value in row.values()):
        return dict(row)
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= _flat({f"{name}.{key}": inner for key, inner in value.items()})
        elif isinstance(value, list):
            flat |= _flat({f"{name}_{i}": inner for i, inner in enumerate(value)})
        else:
            flat[name] = value
    return flat


def _array(values: list[Any]) -> pa.Array:
    """Numbers if all are; else text, in which JSON's nested values stand as JSON."""
    try:
        return pa.array(values, pa.float64()) if not _has_truth(values) else _texts(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError):
        return _texts(values)


def _has_truth(values: list[Any]) -> bool:
    return any(isinstance(value, bool) for value in values)


def _texts(values: list[Any]) -> pa.Array:
    return pa.array([v if v is None or isinstance(v, str) else json.dumps(v) for v in values])


def _csv(
    source: str, texts: Sequence[tuple[int, str]], names: Sequence[str] | None
) -> Iterator[pa.RecordBatch]:
    body = "\n".join(text.strip("\r\n") for _, text in texts)
    called = names or predictions(_width(texts[0][1]))
    if names is None and len(_widths(body)) > 1:
        # Some servers answer several rows in one line: then each value is one prediction.
        called, body = predictions(1), body.replace(",", "\n")
    try:
        # Whole, and from Arrow's own buffer: a reader that is left half read may end the process.
        read = pacsv.read_csv(pa.py_buffer(body.encode()), **csv_options(called))
        yield from read.to_batches()
    except pa.ArrowInvalid as error:
        raise _culprit(source, texts, called, error) from None


def _culprit(
    source: str, texts: Sequence[tuple[int, str]], names: Sequence[str], error: Exception
) -> UnreadableData:
    """Return the record for which the batch could not be read."""
    for line, text in texts:
        for row in filter(None, text.splitlines()):
            if (width := _width(row)) != len(names):
                return _misfit(source, line, width, names)
    return UnreadableData(f"{source}: its CSV payloads cannot be read ({quoted(error)}).")


def _width(row: str) -> int:
    return len(next(csv.reader([row.splitlines()[0] if row else ""]), []))


def _widths(body: str) -> set[int]:
    rows = body.splitlines()
    if '"' in body:
        return {_width(row) for row in rows}
    return {row.count(",") + 1 for row in rows}


def _misfit(source: str, line: int, width: int, names: Sequence[str]) -> OtherColumns:
    named = f"from {names[0]!r} to {names[-1]!r}"
    difference = f"{width} values where the baseline has {len(names)} columns ({named})"
    return OtherColumns(f"{source} line {line}", difference)


def predictions(width: int) -> list[str]:
    """The names of answers that do not name themselves."""
    return ["prediction"] if width == 1 else [f"prediction_{i}" for i in range(width)]
