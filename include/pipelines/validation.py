"""Raw churn data is read once before anything is paid for: bad input ends the run here."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from include.jobs.churn.schema import CATEGORIES, FLAGS, KEY, LABEL, LABELS, NUMBERS, RAW_COLUMNS


class BadData(ValueError):
    """Raised for a file that no model should learn from; says where, and what to do."""


def check_files(paths: Iterable[str | Path]) -> int:
    """Raise BadData for the first thing wrong in *paths*; return how many rows are fine."""
    return sum(_check_file(Path(path)) for path in paths)


def _check_file(path: Path) -> int:
    if not path.exists():
        raise BadData(f"{path} does not exist. Bring the slice back, or choose another window.")
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        reader = csv.DictReader(file)
        _check_header(path, reader.fieldnames)
        rows = 0
        for row in reader:
            _check_row(path, reader.line_num, row)
            rows += 1
    if not rows:
        raise BadData(
            f"{path} has a header but no rows. Export the week again, or remove the file."
        )
    return rows


def _check_header(path: Path, found: Sequence[str] | None) -> None:
    if not found:
        raise BadData(f"{path} is empty. Export the week again, or remove the file.")
    missing = [name for name in RAW_COLUMNS if name not in found]
    extra = [name for name in found if name not in RAW_COLUMNS]
    if missing:
        renamed = f" It has {extra}, which nobody knows: was a column renamed?" if extra else ""
        raise BadData(
            f"{path} lacks column {', '.join(map(repr, missing))}.{renamed} "
            "Give the file the columns that include/jobs/churn/schema.py lists."
        )


def _check_row(path: Path, line: int, row: dict[str, str]) -> None:
    if None in row or None in row.values():
        raise BadData(
            f"{path}, row {line}: a different number of cells than the header has. Mend it."
        )
    _known(path, line, LABEL, row[LABEL], tuple(LABELS))
    for column in FLAGS:
        _known(path, line, column, row[column], ("no", "yes"))
    for column, values in CATEGORIES.items():
        _known(path, line, column, row[column], values)
    for column in NUMBERS:
        _number(path, line, column, row[column])
    if not row[KEY]:
        raise BadData(f"{path}, column {KEY!r}, row {line}: the key is empty. Fill it in.")


def _known(path: Path, line: int, column: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        shown = ", ".join(known[:6]) + (", ..." if len(known) > 6 else "")
        raise BadData(
            f"{path}, column {column!r}, row {line}: {value!r} is none of the known values "
            f"({shown}). Correct the cell, or add the value to include/jobs/churn/schema.py."
        )


def _number(path: Path, line: int, column: str, value: str) -> None:
    if not value:
        return  # missing: preprocessing imputes it
    try:
        float(value)
    except ValueError:
        raise BadData(
            f"{path}, column {column!r}, row {line}: {value!r} is not a number. "
            "Correct the cell, or leave it empty to have it imputed."
        ) from None
