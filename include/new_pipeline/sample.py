"""Read the sample: CSV, gzipped or not, or Parquet, as texts by column."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from include.new_pipeline.errors import SampleError

MOST_ROWS = 50_000  # rows that are read: a sample is enough to guess by
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
SEPARATORS = re.compile(r"[;\t|]")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True)
class Sample:
    """The texts of each column; *booleans* are the columns of a Parquet file that are so typed."""

    path: Path
    columns: dict[str, list[str]]
    booleans: frozenset[str] = frozenset()

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values())))


def read(path: Path) -> Sample:
    """Return the sample at *path*; raise SampleError for another format."""
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise SampleError(f"{path} cannot be read: {error.strerror}. Correct the path.") from None
    sample = _parquet(path) if magic == PARQUET else _csv(path, magic.startswith(GZIP))
    if not sample.columns or not sample.rows:
        raise SampleError(f"{path} has no rows below its header. Export it again.")
    return sample


def _csv(path: Path, is_packed: bool) -> Sample:
    try:
        opened = gzip.open if is_packed else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            header = next(reader, [])
            _check_header(path, header)
            rows = list(_checked(path, header, reader))
    except UnicodeDecodeError as error:
        raise SampleError(f"{path} is not UTF-8: {error}. Export it again as UTF-8.") from None
    except (csv.Error, EOFError, OSError) as error:
        raise SampleError(f"{path} is not CSV: {error}. Export it again as plain CSV.") from None
    return Sample(path, {name: [row[at] for row in rows] for at, name in enumerate(header)})


def _check_header(path: Path, header: list[str]) -> None:
    if not header:
        raise SampleError(f"{path} is empty. Export it again with a header.")
    if len(header) == 1 and (separator := SEPARATORS.search(header[0])):
        raise SampleError(
            f"{path} has one column, {header[0]!r}: it is separated by {separator[0]!r}. Export it "
            "again with commas."
        )
    if sum(bool(NUMBER.fullmatch(name)) for name in header) * 2 > len(header):
        raise SampleError(
            f"{path} begins with numbers, {', '.join(header[:4])}, where its header should be. "
            "Export it again with the names of the columns in the first line."
        )
    _check_names(path, header)


def _check_names(path: Path, names: list[str]) -> None:
    if not all(name.strip() for name in names):
        raise SampleError(
            f"{path} has a column without a name, number {_empty(names)}. Name it, or drop it."
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SampleError(f"{path} has column {twice[0]!r} twice. Drop or rename one of them.")


def _empty(names: list[str]) -> int:
    return next(number for number, name in enumerate(names, 1) if not name.strip())


def _checked(path: Path, header: list[str], reader: Any) -> Iterator[list[str]]:
    for row in islice(reader, MOST_ROWS):
        if row and len(row) != len(header):
            raise SampleError(
                f"{path}, line {reader.line_num}: {len(row)} cells, and the header has "
                f"{len(header)}. Correct the line."
            )
        if row:
            yield row


def _parquet(path: Path) -> Sample:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise SampleError(
            f"{path} is a Parquet file, and pyarrow is not installed. Install pyarrow, or export a "
            "CSV file."
        ) from None
    try:
        batch = next(pq.ParquetFile(path).iter_batches(MOST_ROWS), None)
    except (pa.ArrowInvalid, OSError) as error:
        raise SampleError(f"{path} is not Parquet: {error}. Export it again.") from None
    if batch is None:
        raise SampleError(f"{path} has no rows. Export it again.")
    _check_names(path, batch.schema.names)
    columns = {
        name: [_text(v) for v in batch.column(name).to_pylist()] for name in batch.schema.names
    }
    booleans = (field.name for field in batch.schema if pa.types.is_boolean(field.type))
    return Sample(path, columns, frozenset(booleans))


def _text(value: object) -> str:
    """Return a value as the text that it has in a CSV file."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
