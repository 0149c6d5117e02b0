"""Read and write the tables of an AutoML job as rows of text."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

PARQUET = b"PAR1"
GZIP = b"\x1f\x8b"
Row = list[str]


class BadTable(ValueError):
    """Raised for input that no model can be trained on; the message says what to do."""


def read_tables(folder: Path) -> tuple[Row, list[Row]]:
    """Return the header and the rows of all files below *folder*, which must agree."""
    header: Row = []
    rows: list[Row] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            names, content = _read(path)
        except (UnicodeDecodeError, csv.Error) as error:
            raise BadTable(f"{path.name} is not CSV in UTF-8: {error}. Correct it.") from None
        if header and names != header:
            raise BadTable(
                f"The header of {path.name}, {','.join(names)}, differs from that of the other "
                f"files, {','.join(header)}. Give all files the same columns."
            )
        header = names
        rows += map(_cleaned, content)
    if not rows:
        raise BadTable("The input has no rows. Check the S3Uri of its channel.")
    return header, rows


def _read(path: Path) -> tuple[Row, list[Row]]:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == PARQUET:
        return _parquet(path)
    with gzip.open(path, "rt", newline="") if magic[:2] == GZIP else path.open(newline="") as text:
        lines = csv.reader(text)
        header = [name.strip() for name in next(lines, [])]
        return header, list(_whole(lines, len(header), path.name))


def _whole(lines: Iterator[Row], width: int, name: str) -> Iterator[Row]:
    for number, row in enumerate(lines, 2):
        if len(row) == width:
            yield row
        elif row:
            raise BadTable(
                f"Line {number} of {name} has {len(row)} cells, and the header {width}. Correct it."
            )


def _parquet(path: Path) -> tuple[Row, list[Row]]:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    columns = [[_text(cell) for cell in column.to_pylist()] for column in table.columns]
    return list(table.column_names), [list(row) for row in zip(*columns, strict=True)]


def _text(cell: object) -> str:
    return "" if cell is None else str(cell)


def rows_of(text: str) -> list[Row]:
    """Return the rows of CSV without a header."""
    lines = csv.reader(io.StringIO(text, newline=""))
    return [_cleaned(row) for row in lines if row]


def _cleaned(row: Row) -> Row:
    """Return the cells with single spaces for white space, as models and transforms need them."""
    return [" ".join(cell.split()) for cell in row]


def read_rows(folder: Path) -> list[Row]:
    """Return the rows of all files of a channel, which have no header."""
    return [row for path in sorted(folder.iterdir()) for row in rows_of(path.read_text())]


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write rows without a header, one a line: a batch transform splits at line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
