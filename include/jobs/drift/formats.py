"""Detect a file's compression, encoding, separator and kind from its content."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from .errors import UnreadableData

HEAD = 1 << 16  # bytes that decide the format
SAMPLE = 50  # rows by which the separator is found
SEPARATORS = (",", ";", "\t", "|", "\x01", "\x1f", "^", "~")  # of equals, the first
PARQUET = b"PAR1"
COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\x28\xb5\x2f\xfd": "zstd"}
OTHERS = {  # what is no table here, by its first bytes
    b"PK\x03\x04": "an Excel workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"ORC": "an ORC file",
    b"Obj\x01": "an Avro file",
    b"ARROW1": "an Arrow file",
    b"\xfd7zXZ": "an XZ archive",
    b"%PDF": "a PDF document",
    b"SQLite format": "an SQLite database",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a NumPy array",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x04\x22\x4d\x18": "an LZ4 archive",
    b"\x1f\x9d": "a file of compress",
}
MARKS = {  # the longer ones first
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
EXCEL = re.compile(r"^\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)  # a first line for Excel alone
LISTED = ("manifest", ".crc", ".md5", ".sha256")  # ends of names of files next to tables


@dataclass(frozen=True)
class Format:
    """The format of one CSV file, and the text of its first lines."""

    compression: str | None
    encoding: str
    separator: str
    head: str
    preamble: int = 0  # lines before the header

    @property
    def first_row(self) -> list[str]:
        return next(self._rows(), [])

    @property
    def is_header_alone(self) -> bool:
        """Say whether no row follows the first."""
        rows = self._rows()
        next(rows, None)
        return len(self.head) < HEAD // 4 and not any(rows)

    def _rows(self) -> Iterator[list[str]]:
        lines = self.head.splitlines(keepends=True)[self.preamble :]
        return csv.reader(lines, delimiter=self.separator)


def is_data(path: Path) -> bool:
    """Say whether a file is meant to be read: Spark, Hadoop and AWS hide theirs by their names."""
    hidden = path.name.startswith((".", "_"))
    return path.is_file() and not hidden and not path.name.lower().endswith(LISTED)


def is_parquet(path: Path) -> bool:
    return path.suffix.lower() == ".parquet" or _starts(path)[:4] == PARQUET


def is_json_lines(path: Path) -> bool:
    """Say whether a file's first line is a JSON object."""
    return _starts(path)[:1] == b"{"


def is_empty(path: Path) -> bool:
    return not path.stat().st_size


def format_of(path: Path, width: int | None = None) -> Format:
    """Return the format of a CSV file; *width* is that of its rows where it has no header."""
    start = _starts(path)
    compression = next((c for mark, c in COMPRESSED.items() if start.startswith(mark)), None)
    head = _opened(path, compression, start)
    _refuse_others(path, head)
    encoding = encoding_of(head)
    text = head.decode(encoding, errors="replace")
    if chosen := EXCEL.match(text):
        return Format(compression, encoding, chosen[1], text, preamble=1)
    blank = next((n for n, line in enumerate(text.splitlines()) if line.strip("\ufeff \t")), 0)
    return Format(compression, encoding, separator_of(text, width), text, preamble=blank)


def encoding_of(head: bytes) -> str:
    """Return UTF-8, or UTF-16 or UTF-32 where a mark or every second byte says so."""
    for mark, encoding in MARKS.items():
        if head.startswith(mark):
            return encoding
    if len(head) > 3 and not head[1] and not head[3]:
        return "utf-16-le"
    if len(head) > 3 and not head[0] and not head[2]:
        return "utf-16-be"
    return "utf8"


def separator_of(text: str, width: int | None = None) -> str:
    """Return what parts the header, or *width* values, in most of the first rows."""
    if width == 1:
        return ","

    def fit(separator: str) -> tuple[float, int]:
        widths = _widths(text, separator)
        wanted = width or (widths[0] if widths else 0)
        if wanted < 2:
            return 0.0, 0
        return sum(wide == wanted for wide in widths) / len(widths), wanted

    best = max(SEPARATORS, key=fit)
    share, _ = fit(best)
    # If a comma separates most rows, Arrow reports the other rows by number.
    return best if share > fit(",")[0] and share > 0.5 else ","


def _widths(text: str, separator: str) -> list[int]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    widths: list[int] = []
    try:
        for row in rows:
            if row:
                widths.append(len(row))
            if len(widths) > SAMPLE:
                break
    except csv.Error:
        return []
    cut = len(widths) > 1 and len(widths) <= SAMPLE and len(text) >= HEAD // 2
    return widths[:-1] if cut else widths  # the last row may be cut off


def _starts(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _opened(path: Path, compression: str | None, start: bytes) -> bytes:
    if not compression:
        return start
    try:
        with pa.input_stream(path, compression=compression) as file:
            return bytes(file.read(HEAD))
    except (pa.ArrowException, OSError) as error:
        raise UnreadableData(
            f"{path.name} is no readable {compression} file ({error}). Write it again."
        ) from None


def _refuse_others(path: Path, head: bytes) -> None:
    kind = next((kind for mark, kind in OTHERS.items() if head.startswith(mark)), None)
    if kind is None and head[:4] == PARQUET:
        kind = "a compressed Parquet file"
    if kind is None and head.lstrip()[:1] in (b"{", b"["):
        kind = "JSON"
    if kind is None and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        kind = "HTML or XML"
    if kind is None and b"\0" in head and encoding_of(head) == "utf8":
        kind = "a binary file"
    if kind:
        raise UnreadableData(
            f"{path.name} is {kind}, which cannot be checked. Write it as CSV or Parquet, or move "
            "it out of the folder."
        )
