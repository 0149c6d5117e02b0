"""Make records of raw files that a batch transform scores: the key, then the model's inputs."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from .datasets import Parts, pieces
from .engine import Alone
from .lines import Lines, joined
from .outputs import RECORDS, ROWS, SUMMARY
from .schema import Schema
from .sources import Source, unlabelled_sources
from .window import checked

SPECIAL = '[",\r\n]'  # characters for which a cell of CSV is quoted


def write_keyed_records(schema: Schema, raw: Path, output: Path) -> str:
    """Write a headerless CSV file for each raw file, named by its number, and the number of rows.

    *inputs* are the columns that the model takes, which may be of an older contract than the
    schema. SageMaker takes the key off before the model and joins it to the answer.
    """
    with Alone(schema, raw, output) as engine:
        sources = unlabelled_sources(engine.raw, engine.files)
        totals, forms = checked(schema, engine, sources)
    for source, form in zip(sources, forms, strict=True):
        _write(source, Lines(schema, {}, **form), output)
    summary = output / SUMMARY / ROWS
    summary.parent.mkdir(parents=True, exist_ok=True)
    summary.write_text(json.dumps({"rows": totals.rows}) + "\n")
    return f"{totals.rows} rows to score"


def _write(source: Source, lines: Lines, output: Path) -> None:
    with Parts(output, source.name) as parts:
        for columns in pieces(source, lines):
            keys = quoted(columns[lines.schema.key])
            parts.write(RECORDS, joined([keys, lines.records(columns)]))


def quoted(cells: pa.Array) -> pa.Array:
    """Return texts as cells of CSV."""
    special = pc.match_substring_regex(cells, SPECIAL)
    if not pc.any(special).as_py():
        return cells
    inner = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', inner, '"', ""), cells)
