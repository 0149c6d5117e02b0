"""Rows from CSV and Parquet files, a batch at a time: a file is never held as a whole."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from .errors import UnreadableData, quoted
from .formats import Format, format_of, is_data, is_empty, is_parquet
from .quotes import swallowed

BLOCK = 4 << 20  # bytes of CSV per batch
PARQUET_ROWS = 1 << 16
NULLS = ["", "NaN", "nan", "null", "NULL"]


@dataclass(frozen=True)
class Batch:
    """Some rows by column name, and the file that they come from."""

    source: str
    rows: pa.RecordBatch


def tables_of(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files below a folder that hold data, and those that are empty."""
    files = [path for path in sorted(folder.rglob("*")) if is_data(path)]
    empty = [path for path in files if is_empty(path)]
    full = [path for path in files if path not in set(empty)]
    if empty and not full:
        raise UnreadableData(
            f"{empty[0]} is empty: it has not even a header line, and no other file has. "
            "Write it again."
        )
    return full, empty


def read_table(path: Path, names: Sequence[str] | None = None) -> Iterator[Batch]:
    """The batches of one file; *names* are the columns of a CSV file that has no header."""
    if not path.is_file():
        raise UnreadableData(
            f"{path} does not exist. Name a CSV or Parquet file, or a folder of such or of "
            "capture files."
        )
    reader = _parquet(path) if is_parquet(path) else _csv(path, names)
    for rows in reader:
        yield Batch(path.name, rows)


def _parquet(path: Path) -> Iterator[pa.RecordBatch]:
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:  # else the whole file
            _refuse_twins(path, file.schema_arrow.names)
            for rows in file.iter_batches(PARQUET_ROWS, use_threads=False):
                yield from _flat(path, rows)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableData(
            f"{path.name} is no readable Parquet file ({quoted(_first_line(error))}). "
            "Write it again."
        ) from None


def _flat(path: Path, rows: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Make the members of structs columns of their own, `a.b`; refuse lists and maps."""
    if not any(pa.types.is_nested(kind) for kind in rows.schema.types):
        yield rows
        return
    table = pa.Table.from_batches([rows])
    while any(pa.types.is_struct(kind) for kind in table.schema.types):
        table = table.flatten()
    for column in table.schema:
        if pa.types.is_nested(column.type):
            raise UnreadableData(
                f"{path.name}: column {column.name!r} holds {column.type}, which cannot be "
                "compared. Write its values as columns of their own, or leave it out."
            )
    yield from table.to_batches()


def _csv(path: Path, names: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    form = _format(path, len(names) if names else None)
    header = names or _header(path, form)
    if names is None and form.is_header_alone:
        return
    try:
        with (
            pa.input_stream(path, compression=form.compression) as file,
            pacsv.open_csv(file, **csv_options(header, form, names is None)) as reader,
        ):
            for rows in reader:
                _refuse_swallowed(path, rows, form)
                yield rows
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableData(_complaint(path, error, header, form, names is None)) from None


def _refuse_swallowed(path: Path, rows: pa.RecordBatch, form: Format) -> None:
    if cell := swallowed(rows, form.separator):
        column, start = cell
        raise UnreadableData(
            f"{path.name}: a cell of column {column!r} that begins with {quoted(repr(start[:40]))} "
            "holds whole rows: its quote is not closed. Close it, or write quotes inside of cells "
            "twice."
        )


def csv_options(
    names: Sequence[str], form: Format | None = None, header: bool = False
) -> dict[str, object]:
    """Every cell as text: what is a number is decided by the column, not by the first block."""
    return {
        "read_options": pacsv.ReadOptions(
            block_size=BLOCK,
            encoding=form.encoding if form else "utf8",
            column_names=list(names),
            skip_rows=form.preamble if form else 0,
            skip_rows_after_names=1 if header else 0,  # a row, which may be of several lines
            use_threads=False,
        ),
        "parse_options": pacsv.ParseOptions(
            delimiter=form.separator if form else ",", newlines_in_values=form is not None
        ),
        "convert_options": pacsv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            null_values=NULLS,
            strings_can_be_null=True,
        ),
    }


def _format(path: Path, width: int | None) -> Format:
    if is_empty(path):
        raise UnreadableData(f"{path} is empty: it has not even a header line. Write it again.")
    return format_of(path, width)


def _header(path: Path, form: Format) -> list[str]:
    header = [" ".join(name.split()) for name in form.first_row]
    if header:
        header[0] = header[0].lstrip("\ufeff")
    if not any(header):
        raise UnreadableData(f"{path} is empty: it has not even a header line. Write it again.")
    if broken := [name for name in header if "\ufffd" in name]:
        raise UnreadableData(
            f"{path.name}: the header's column {broken[0]!r} is not UTF-8. Write the file as UTF-8."
        )
    header = [name or f"unnamed column {place}" for place, name in enumerate(header, 1)]
    _refuse_twins(path, header)
    return header


def columns_of(path: Path) -> list[str]:
    """Return the names of the columns of a Parquet file, or of a CSV file with a header."""
    if is_parquet(path):
        return list(pq.read_schema(path).names)
    return _header(path, _format(path, None))


def width(path: Path) -> int:
    """Return the number of values in the first line of a CSV file."""
    return max(1, len(_format(path, None).first_row))


def _refuse_twins(path: Path, names: Sequence[str]) -> None:
    if twins := sorted({name for name in names if list(names).count(name) > 1}):
        raise UnreadableData(
            f"{path.name} has the columns {quoted(twins)} more than once. Rename them."
        )


def _complaint(
    path: Path, error: Exception, header: Sequence[str], form: Format, has_header: bool
) -> str:
    """Return the error with its place in the file, for which the file is read once more."""
    text = _first_line(error)
    if "Empty CSV" in text:
        return f"{path} is empty: it has not even a header line. Write it again."
    if "UTF8" in text:
        column = re.search(r"column #(\d+)", text)
        named = f"column {header[int(column[1])]!r}" if column else "its text"
        return f"{path.name}: {named} is not UTF-8. Write the file as UTF-8."
    if place := _bad_row(path, len(header), form, has_header):
        return f"{path}, {place}. The file may be truncated: write it again."
    return f"{path} is no readable CSV file ({quoted(text)}). Write it again."


def _bad_row(path: Path, width: int, form: Format, has_header: bool) -> str | None:
    with pa.input_stream(path, compression=form.compression) as file:
        lines = io.TextIOWrapper(file, form.encoding, errors="replace", newline="")
        for number, row in enumerate(csv.reader(lines, delimiter=form.separator), 1):
            if row and len(row) != width and number > form.preamble:
                under = "under a header of" if has_header else "where the baseline has"
                return f"row {number}: {len(row)} values {under} {width} columns"
    return None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
