"""Validate raw data before anything is paid for: invalid input ends the run here."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from include.jobs.tabular.schema import Row, Schema


class BadData(ValueError):
    """Raised for an invalid file, with the place and the remedy."""


def check_window(schema: Schema, paths: Sequence[str | Path]) -> int:
    """Check labelled slices, the last of them the holdout; return how many rows they have."""
    counts = [_check_file(schema, Path(path), labelled=True) for path in paths]
    older: Counter[str] = sum(counts[:-1], Counter())
    for labels, where in ((older, "the slices to train on"), (counts[-1], str(paths[-1]))):
        if absent := [label for label in schema.labels or () if not labels[label]]:
            raise BadData(
                f"{where}, column {schema.label!r}: no row says {absent[0]!r}, and a model is "
                "judged by distinguishing them. Correct the export, or choose another window."
            )
    return older.total() + counts[-1].total()


def check_unlabelled(schema: Schema, path: str | Path) -> int:
    """Check a file to score: its labels, if it has any, are not checked."""
    return _check_file(schema, Path(path), labelled=False).total()


def _check_file(schema: Schema, path: Path, labelled: bool) -> Counter[str]:
    """Return the number of rows by label; raise BadData for the first error."""
    if not path.exists():
        raise BadData(f"{path} does not exist. Restore the file, or choose another window.")
    labels: Counter[str] = Counter()
    rows: dict[str, int] = {}  # the row of each key
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        reader = csv.DictReader(file)
        try:
            _check_header(schema, path, reader.fieldnames, labelled)
            for row in reader:
                _check_row(schema, path, reader.line_num, row, labelled)
                first = rows.setdefault(row[schema.key], reader.line_num)
                if first != reader.line_num:
                    raise BadData(
                        f"{path}, column {schema.key!r}, row {reader.line_num}: the key "
                        f"{schema.shown(schema.key, row[schema.key])} is in row {first} already. "
                        "Keep one of the two rows."
                    )
                labels[row[schema.label] if labelled else ""] += 1
        except csv.Error as error:
            raise BadData(
                f"{path}, row {reader.line_num}: {error}. Export the week again as plain CSV."
            ) from None
    if not labels:
        raise BadData(
            f"{path} has a header but no rows. Export the week again, or remove the file."
        )
    return labels


def _check_header(schema: Schema, path: Path, header: Sequence[str] | None, labelled: bool) -> None:
    if not header:
        raise BadData(f"{path} is empty. Export the week again, or remove the file.")
    if twice := sorted({name for name in header if list(header).count(name) > 1}):
        name = repr(twice[0]) if _may_be_shown(schema, twice[0]) else "a column"
        raise BadData(f"{path} has {name} twice in its header. Drop or rename one of them.")
    wanted = [name for name in schema.raw_columns if labelled or name != schema.label]
    missing = [name for name in wanted if name not in header]
    extra = [name for name in header if name not in schema.raw_columns]
    if missing:
        others = extra if not schema.personal else f"{len(extra)} other columns"
        renamed = (
            f" It has {others}, which the schema lacks: was a column renamed?" if extra else ""
        )
        raise BadData(
            f"{path} lacks column {', '.join(map(repr, missing))}.{renamed} "
            "Give the file the columns that the schema.py of the pipeline's job folder lists."
        )


def _may_be_shown(schema: Schema, name: str) -> bool:
    """Return whether a name of a header is one: a file without a header begins with a row."""
    return not schema.personal or name in schema.raw_columns


def _check_row(schema: Schema, path: Path, line: int, row: Row, labelled: bool) -> None:
    if None in row or None in row.values():
        raise BadData(
            f"{path}, row {line}: a different number of cells than the header has. Fix it."
        )
    if labelled:
        _check_label(schema, path, line, row[schema.label])
    for column in schema.flags:
        _known(schema, path, line, column, row[column], ("no", "yes"))
    for column, values in schema.categories.items():
        _known(schema, path, line, column, row[column], values)
    for column in schema.numbers:
        _number(schema, path, line, column, row[column])
    if not row[schema.key]:
        raise BadData(f"{path}, column {schema.key!r}, row {line}: the key is empty. Fill it in.")


def _check_label(schema: Schema, path: Path, line: int, value: str) -> None:
    if schema.labels is not None:
        _known(schema, path, line, schema.label, value, tuple(schema.labels))
    elif not value:
        raise BadData(
            f"{path}, column {schema.label!r}, row {line}: the label is empty. Fill it in, or take "
            "the row out."
        )
    else:
        _number(schema, path, line, schema.label, value)


def _known(
    schema: Schema, path: Path, line: int, column: str, value: str, known: Sequence[str]
) -> None:
    if value not in known:
        shown = ", ".join(known[:6]) + (", ..." if len(known) > 6 else "")
        raise BadData(
            f"{path}, column {column!r}, row {line}: {schema.shown(column, value)} is not an "
            f"allowed value ({shown}). Correct the cell, or add the value to the pipeline's "
            "schema.py."
        )


def _number(schema: Schema, path: Path, line: int, column: str, value: str) -> None:
    if not value:
        return  # missing: preprocessing imputes it
    try:
        finite = math.isfinite(float(value))
    except ValueError:
        finite = False
    if not finite:
        raise BadData(
            f"{path}, column {column!r}, row {line}: {schema.shown(column, value)} is not a "
            "number. Correct the cell, or leave it empty to have it imputed."
        )
