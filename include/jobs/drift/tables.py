"""Rows from CSV and Parquet files, a batch at a time: a file is never held as a whole."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from .errors import UnreadableData

BLOCK = 4 << 20  # bytes of CSV per batch
PARQUET_ROWS = 1 << 16
NULLS = ["", "NaN", "nan", "null", "NULL"]
UTF16 = (b"\xff\xfe", b"\xfe\xff")
CSV_ENDS = (".csv", ".csv.gz", ".out", ".txt")


@dataclass(frozen=True)
class Batch:
    """Some rows by column name, and the file that they come from."""

    source: str
    rows: pa.RecordBatch


def is_table(path: Path) -> bool:
    return path.name.endswith((*CSV_ENDS, ".parquet"))


def read_table(path: Path, names: Sequence[str] | None = None) -> Iterator[Batch]:
    """The batches of one file; *names* are the columns of a CSV file that has no header."""
    if not path.is_file():
        raise UnreadableData(
            f"{path} does not exist. Name a CSV or Parquet file, or a folder of such or of "
            "capture files."
        )
    reader = _parquet(path) if path.suffix == ".parquet" else _csv(path, names)
    for rows in reader:
        yield Batch(path.name, rows)


def _parquet(path: Path) -> Iterator[pa.RecordBatch]:
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:  # else the whole file
            _refuse_twins(path, file.schema_arrow.names)
            yield from file.iter_batches(PARQUET_ROWS, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise UnreadableData(
            f"{path.name} is no readable Parquet file ({_first_line(error)}). Write it again."
        ) from None


def _csv(path: Path, names: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
    header = names or _header(path)
    try:
        with pacsv.open_csv(path, **csv_options(header, encoding(path), names is None)) as reader:
            yield from reader
    except pa.ArrowInvalid as error:
        raise UnreadableData(_complaint(path, error, header, names is None)) from None


def csv_options(
    names: Sequence[str], code: str = "utf8", header: bool = False
) -> dict[str, object]:
    """Every cell as text: what is a number is decided by the column, not by the first block."""
    return {
        "read_options": pacsv.ReadOptions(
            block_size=BLOCK,
            encoding=code,
            column_names=list(names),
            skip_rows=1 if header else 0,
            use_threads=False,
        ),
        "convert_options": pacsv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            null_values=NULLS,
            strings_can_be_null=True,
        ),
    }


def encoding(path: Path) -> str:
    """UTF-8, or what the file's byte order mark says."""
    if path.name.endswith(".gz"):
        return "utf8"
    with path.open("rb") as file:
        return "utf-16" if file.read(2) in UTF16 else "utf8"


def _header(path: Path) -> list[str]:
    found = _first_row(path)
    if not found:
        raise UnreadableData(f"{path} is empty: it has not even a header line. Write it again.")
    header = [name.strip() for name in found]
    _refuse_twins(path, header)
    return header


def width(path: Path) -> int:
    """How many values the first line of a CSV file has."""
    return max(1, len(_first_row(path)))


def _first_row(path: Path) -> list[str]:
    with pa.input_stream(path) as file:  # decompresses by the file's name
        first = file.read(1 << 20)
    try:
        lines = first.decode(encoding(path), errors="strict" if len(first) < 1 << 20 else "ignore")
    except UnicodeDecodeError:
        lines = first.decode("latin-1")  # the columns are named by what can be read of them
    return next(csv.reader(lines.lstrip("\ufeff").splitlines()[:1]), [])


def _refuse_twins(path: Path, names: Sequence[str]) -> None:
    if twins := sorted({name for name in names if list(names).count(name) > 1}):
        raise UnreadableData(f"{path.name} has the columns {twins} more than once. Rename them.")


def _complaint(path: Path, error: Exception, header: Sequence[str], has_header: bool) -> str:
    """Arrow says what is wrong; where it is, the file is read once more to tell."""
    text = _first_line(error)
    if "Empty CSV" in text:
        return f"{path} is empty: it has not even a header line. Write it again."
    if "UTF8" in text:
        column = re.search(r"column #(\d+)", text)
        named = f"column {header[int(column[1])]!r}" if column else "its text"
        return f"{path.name}: {named} is not UTF-8. Write the file as UTF-8."
    if place := _bad_row(path, len(header), has_header):
        return f"{path}, {place}. The file may be truncated: write it again."
    return f"{path} is no readable CSV file ({text}). Write it again."


def _bad_row(path: Path, width: int, has_header: bool) -> str | None:
    opened = gzip.open if path.name.endswith(".gz") else open
    with opened(path, "rt", encoding=encoding(path), errors="replace", newline="") as lines:
        for number, row in enumerate(csv.reader(lines), 1):
            if row and len(row) != width:
                under = "under a header of" if has_header else "where the baseline has"
                return f"row {number}: {len(row)} values {under} {width} columns"
    return None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
