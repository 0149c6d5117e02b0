"""Read the rows of JSON documents, in every form that servers and clients use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

Rows = list[Any]
ENVELOPES = (
    *("instances", "predictions", "inputs", "data", "dataframe_split", "dataframe_records"),
    *("outputs", "result", "results", "ndarray"),
)


def rows_of_text(text: str) -> Rows:
    """Return the rows of one JSON document, or of JSON lines."""
    try:
        return _rows_of(json.loads(text))
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise
        return [row for line in lines for row in _rows_of(json.loads(line))]


def _rows_of(document: Any) -> Rows:
    """Rows as lists (by position) or mappings (by name), out of the usual envelopes."""
    if isinstance(document, dict):
        for name in ENVELOPES:
            inner = document.get(name)
            if isinstance(inner, list):
                return _with_names(document, [row for i in inner for row in _item(i)])
            if isinstance(inner, dict) and len(document) == 1:
                return _rows_of(inner)
        if isinstance(document.get("features"), list):
            return [document["features"]]
        return _columns(document) or [document]
    if not isinstance(document, list):
        return [[document]]
    if document and not any(isinstance(item, list | dict) for item in document):
        return [document]
    return [_rows_of(item)[0] if isinstance(item, dict) else item for item in document]


def _columns(document: Mapping[str, Any]) -> Rows:
    """Rows of a document that holds columns: lists, or pandas' values by the row's index."""
    columns = list(document.values())
    if columns and all(isinstance(column, dict) for column in columns):
        indices = [list(column) for column in columns]
        if not all(i == indices[0] and i and all(map(str.isdigit, i)) for i in indices):
            return []
        columns = [list(column.values()) for column in columns]
    if not columns or not all(isinstance(column, list) for column in columns):
        return []
    if len({len(column) for column in columns}) > 1:
        return []
    return [dict(zip(document, row, strict=True)) for row in zip(*columns, strict=True)]


def _item(item: Any) -> Rows:
    """One element of an envelope is one row, a lone value too."""
    return [item] if isinstance(item, list) else _rows_of(item)


def _with_names(document: Mapping[str, Any], rows: Rows) -> Rows:
    """pandas' "split" form says its columns once."""
    columns = document.get("columns")
    if not isinstance(columns, list):
        return rows
    return [dict(zip(columns, row, strict=False)) for row in rows]
