"""Show the lineage of a trial as a page: one row for each step, from its data to what serves it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from prodml.reports.document import document
from prodml.vocabulary import Json


def page(trial: str, columns: Sequence[str], rows: Sequence[Json]) -> str:
    """Return a page that needs neither scripts nor other files."""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    lines = "".join(_row(columns, row) for row in rows)
    table = f"<table><tr>{head}</tr>{lines}</table>"
    return document(f"Lineage of {trial}", table if rows else "<p>The trial has no step yet.</p>")


def _row(columns: Sequence[str], row: Json) -> str:
    return f"<tr>{''.join(f'<td>{escape(str(row[column]))}</td>' for column in columns)}</tr>"
