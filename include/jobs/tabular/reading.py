"""Read the schema's columns of raw files a block at a time: CSV, CSV by gzip, and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from .objects import opened, stream
from .partitions import GZIP, PARQUET, format_of
from .schema import Schema
from .sources import Source

BLOCK = 1 << 20  # bytes of CSV in a block; Arrow reads 32 of them ahead
ROWS = 1 << 15  # rows of Parquet in a block
MOST_RAGGED = 1000  # rows of a wrong width after which a file is not read on
SEPARATORS = (";", "\t", "|", " ")
NO_BLOCK = "Empty CSV file or block"  # Arrow's error for a header without an end of its line
EXPORT_AGAIN = "Export the partition again, or remove the file."


@dataclass
class Rows:
    """The numbers of a file's records; ragged ones are counted and not delivered."""

    ragged: list[tuple[int, int, int]] = field(default_factory=list)  # number, cells, wanted

    def number(self, index: int) -> int:
        """Return the number of the delivered record *index*; the header is record 1."""
        number = index + 2
        for ragged, _, _ in self.ragged:
            if ragged > number:
                break
            number += 1
        return number

    def handle(self, row: pacsv.InvalidRow) -> str:
        self.ragged.append((row.number, row.actual_columns, row.expected_columns))
        return "skip" if len(self.ragged) < MOST_RAGGED else "error"


@dataclass(frozen=True)
class Block:
    """Some records: columns of strings without nulls or, of numbers in Parquet, of floats."""

    first: int  # index of the first record
    columns: dict[str, pa.Array]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


def blocks(schema: Schema, source: Source, labelled: bool, rows: Rows) -> Iterator[Block]:
    """Yield the records of a file; raise BadFile where it breaks a rule of files."""
    names = [name for name in schema.raw_columns if labelled or name != schema.label]
    first = 0
    for columns in _columns(schema, source, names, rows):
        block = Block(first, columns)
        first += len(block)
        if len(block):
            yield block


def _columns(
    schema: Schema, source: Source, names: Sequence[str], rows: Rows
) -> Iterator[dict[str, pa.Array]]:
    try:
        with opened(source.address) as file:
            form = format_of(file.read(4))
    except FileNotFoundError:
        raise source.bad(
            "file", "the file does not exist. Restore it, or choose another window."
        ) from None
    if form == PARQUET:
        return _parquet(schema, source, names)
    return _csv(schema, source, names, "gzip" if form == GZIP else None, rows)


def _csv(
    schema: Schema, source: Source, names: Sequence[str], compression: str | None, rows: Rows
) -> Iterator[dict[str, pa.Array]]:
    check_header(schema, source, _header(source, compression), names)
    options = {
        "read_options": pacsv.ReadOptions(block_size=BLOCK, use_threads=False),
        "parse_options": pacsv.ParseOptions(
            newlines_in_values=True, invalid_row_handler=rows.handle
        ),
        "convert_options": pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.binary()),
            include_columns=list(names),
            strings_can_be_null=False,
        ),
    }
    try:
        with (
            stream(source.address, compression) as file,
            pacsv.open_csv(file, **options) as reader,
        ):
            for batch in reader:
                yield dict(zip(names, batch.columns, strict=True))
    except (pa.ArrowInvalid, OSError) as error:
        if len(rows.ragged) < MOST_RAGGED and NO_BLOCK not in str(error):
            reason = str(error).partition("\n")[0]
            raise source.bad("file", f"not readable as CSV ({reason}). {EXPORT_AGAIN}") from None


def _header(source: Source, compression: str | None) -> list[str]:
    try:
        with stream(source.address, compression) as file:
            text = io.TextIOWrapper(file, "utf-8-sig", "surrogateescape", newline="")
            header = next(csv.reader(text), [])
    except (OSError, EOFError, csv.Error) as error:
        raise source.bad("file", f"not readable as CSV ({error}). {EXPORT_AGAIN}") from None
    if is_binary("".join(header)):
        raise source.bad("encoding", "the header is not UTF-8. Export the partition as UTF-8.")
    return header


def is_binary(text: str) -> bool:
    """Return whether decoded text has escaped bytes, or the NULs of UTF-16."""
    return any(character == "\0" or "\udc80" <= character <= "\udcff" for character in text)


def check_header(
    schema: Schema, source: Source, header: Sequence[str], names: Sequence[str]
) -> None:
    """Refuse a file that has no header, lacks columns, or has a column twice."""
    if not header:
        raise source.bad(
            "empty", f"the file is empty, or begins with an empty line. {EXPORT_AGAIN}"
        )
    if twice := sorted({name for name in header if list(header).count(name) > 1}):
        shown = repr(twice[0]) if may_be_shown(schema, twice[0]) else "a column"
        raise source.bad("header", f"{shown} is in the header twice. Drop or rename one of them.")
    if len(header) == 1 and (mark := _separator(header[0], names)):
        raise source.bad(
            "header", f"its cells are separated by {mark!r}. Export the partition with commas."
        )
    if missing := [name for name in names if name not in header]:
        raise source.bad(
            "header",
            f"the file lacks column {', '.join(map(repr, missing))}.{_renamed(schema, header)} "
            "Give the file the columns that the schema.py of the pipeline's job folder lists.",
        )


def _separator(line: str, names: Sequence[str]) -> str | None:
    """Return the character that separates the expected names in a header without commas."""
    marks = (mark for mark in SEPARATORS if {*names} <= {*line.split(mark)})
    return next(marks, None) if len(names) > 1 else None


def may_be_shown(schema: Schema, name: str) -> bool:
    """Return whether a name of a header is one: a file without a header begins with a row."""
    return not schema.personal or name in schema.raw_columns


def _renamed(schema: Schema, header: Sequence[str]) -> str:
    extra = [name for name in header if name not in schema.raw_columns]
    if not extra:
        return ""
    others = f"{len(extra)} other columns" if schema.personal else str(extra)
    return f" It has {others}, which the schema lacks: was a column renamed?"


def _parquet(schema: Schema, source: Source, names: Sequence[str]) -> Iterator[dict[str, pa.Array]]:
    try:
        with pq.ParquetFile(opened(source.address), pre_buffer=False, buffer_size=1 << 20) as file:
            types = file.schema_arrow
            check_header(schema, source, types.names, names)
            for name in names:
                _check_type(schema, source, name, types.field(name).type)
            batches = file.iter_batches(ROWS, columns=list(names), use_threads=False)
            for batch in batches:
                yield {name: _plain(schema, name, batch.column(name)) for name in names}
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise source.bad("file", f"not readable as Parquet ({reason}). {EXPORT_AGAIN}") from None


def is_number(schema: Schema, name: str) -> bool:
    return name in schema.numbers or (name == schema.label and schema.labels is None)


def _check_type(schema: Schema, source: Source, name: str, kind: pa.DataType) -> None:
    types = pa.types
    numeric = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
    if types.is_dictionary(kind):
        kind = kind.value_type
    text = types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind)
    discrete = text or types.is_integer(kind) or types.is_boolean(kind)
    fits = numeric if is_number(schema, name) else discrete
    if not fits and not types.is_null(kind):
        wanted = "numbers" if is_number(schema, name) else "text"
        raise source.bad(
            "type",
            f"the column is {kind}, and its values are {wanted}. Write the file again with the "
            "types of the other files.",
            name,
        )


def _plain(schema: Schema, name: str, cells: pa.Array) -> pa.Array:
    """Return numbers as floats, and anything else as strings without nulls."""
    if is_number(schema, name):
        return pc.cast(cells, pa.float64(), safe=False)
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    if pa.types.is_boolean(cells.type) and name in schema.flags:
        cells = pc.if_else(cells, "yes", "no")
    return pc.fill_null(pc.cast(cells, pa.string()), "")
