"""Write the data sets of files that have been checked: for each file a part of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from .hashing import below, hashes_of
from .lines import Lines, joined
from .reading import Rows, blocks
from .sources import Role, Source
from .summary import VALIDATION_SHARE

PARTIAL = "partial"  # a folder of parts that are being written
Columns = dict[str, pa.Array]
TRAIN, VALIDATION, HOLDOUT = "train", "validation", "holdout"
RECORDS, VALIDATION_LABELS, HOLDOUT_LABELS = (
    "validation_records",
    "validation_labels",
    "holdout_labels",
)


class Parts:
    """The parts of one file in several data sets; one without a line is not made.

    They are complete or absent, since an engine may do a file's work again elsewhere.
    """

    def __init__(self, output: Path, name: str) -> None:
        self._output = output
        self._name = name
        self._stack = ExitStack()
        self._files: dict[str, BinaryIO] = {}

    def __enter__(self) -> Parts:
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        self._stack.close()
        for data_set in self._files:
            partial = self._partial(data_set)
            if kind is None:
                path = self._output / data_set / self._name
                path.parent.mkdir(parents=True, exist_ok=True)
                partial.rename(path)
            else:
                partial.unlink()
        with suppress(OSError):  # others write
            (self._output / PARTIAL).rmdir()

    def write(self, data_set: str, lines: pa.Array) -> None:
        if len(lines):
            ended = pc.binary_join_element_wise(lines, "", "\n")
            self._file(data_set).write(_content(ended))

    def _file(self, data_set: str) -> BinaryIO:
        if data_set not in self._files:
            self._files[data_set] = self._stack.enter_context(_created(self._partial(data_set)))
        return self._files[data_set]

    def _partial(self, data_set: str) -> Path:
        return self._output / PARTIAL / f"{data_set}-{self._name}"


def write_parts(source: Source, lines: Lines, output: Path) -> None:
    """Write what the rows of one file add to the data sets."""
    with Parts(output, source.name) as parts:
        for columns in pieces(source, lines):
            if source.role == Role.HOLDOUT:
                parts.write(HOLDOUT, lines.records(columns))
                parts.write(HOLDOUT_LABELS, lines.labels(columns))
            else:
                _write_older(lines, columns, parts)


def _write_older(lines: Lines, columns: Columns, parts: Parts) -> None:
    validates = pa.array(below(hashes_of(columns[lines.schema.key]), VALIDATION_SHARE))
    labels = lines.labels(columns)
    encoded = joined([labels, lines.features(columns)])
    parts.write(TRAIN, encoded.filter(pc.invert(validates)))
    parts.write(VALIDATION, encoded.filter(validates))
    chosen = {name: cells.filter(validates) for name, cells in columns.items()}
    parts.write(RECORDS, lines.records(chosen))
    parts.write(VALIDATION_LABELS, labels.filter(validates))


def pieces(source: Source, lines: Lines) -> Iterator[Columns]:
    """Yield the columns of a file's records, as many at a time as lines are made at once."""
    labelled = source.role != Role.UNLABELLED
    for block in blocks(lines.schema, source, labelled, Rows()):
        columns = {name: _text(cells) for name, cells in block.columns.items()}
        for start in range(0, len(block), lines.rows_at_once):
            part = slice(start, start + lines.rows_at_once)
            yield {name: cells[part] for name, cells in columns.items()}


def _created(path: Path) -> BinaryIO:
    """Open a file in a folder that another thread may remove while it is empty."""
    while True:
        # mkdir raises FileExistsError for a folder that is removed at the same time.
        with suppress(FileNotFoundError, FileExistsError):
            path.parent.mkdir(parents=True, exist_ok=True)
            return path.open("wb")


def _text(cells: pa.Array) -> pa.Array:
    return cells if pa.types.is_floating(cells.type) else pc.cast(cells, pa.string())


def _content(texts: pa.Array) -> memoryview:
    """Return the bytes of all texts, one after the other, without copying them."""
    _, offsets, data = texts.buffers()
    places = memoryview(offsets).cast("i")
    start, end = places[texts.offset], places[texts.offset + len(texts)]
    return memoryview(data)[start:end]
