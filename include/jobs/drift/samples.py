"""A sample of rows, of bounded size, for what columns one by one do not say.

Each row has a priority, and the rows with the least ones are kept: so samples merge, and the sample
of a data set depends neither on its size in memory nor on how its rows came in pieces.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .columns import plain
from .documents import SAMPLE, Json
from .errors import UnreadableData

ROWS = 2_000  # that are kept
SEED = 7

Array = np.ndarray


class Sample:
    """Rows as text cells, by column, with the number of rows that they were drawn from."""

    def __init__(self, most: int = ROWS, without: Iterable[str] = ()) -> None:
        self._most = most
        self._without = frozenset(without)
        self._draw = np.random.default_rng(SEED)
        self._priorities = np.empty(0, np.uint64)
        self._columns: dict[str, pa.Array] = {}
        self.seen = 0

    def __len__(self) -> int:
        return len(self._priorities)

    def add(self, rows: pa.RecordBatch, priorities: Array | None = None) -> None:
        """Add rows; without *priorities*, they are drawn in the order of the rows."""
        if priorities is None:
            priorities = self._draw.integers(1 << 63, size=rows.num_rows, dtype=np.uint64)
        self.seen += rows.num_rows
        places = self._chosen(priorities)
        if len(places):
            taken = rows.take(pa.array(places))
            names = [name for name in taken.schema.names if name not in self._without]
            self._join(priorities[places], {name: _texts(taken.column(name)) for name in names})

    def merge(self, other: Sample) -> None:
        """Add the rows of another sample, which keep their priorities."""
        self.seen += other.seen
        columns = {n: cells for n, cells in other._columns.items() if n not in self._without}
        self._join(other._priorities, columns)

    def cells(self, name: str) -> pa.Array:
        """Return a column's texts; nulls, if no row has it."""
        return self._columns.get(name, pa.nulls(len(self), pa.string()))

    @property
    def names(self) -> list[str]:
        return list(self._columns)

    def _chosen(self, priorities: Array) -> Array:
        """Return the places of the rows that may be kept."""
        limit = self._priorities[-1] if len(self) == self._most else None
        places = np.arange(len(priorities)) if limit is None else np.nonzero(priorities < limit)[0]
        if len(places) > self._most:
            places = places[np.argpartition(priorities[places], self._most)[: self._most]]
        return np.sort(places)

    def _join(self, priorities: Array, columns: dict[str, pa.Array]) -> None:
        """Keep the rows with the least priorities, in the order of these."""
        joined = np.concatenate([self._priorities, priorities])
        order = np.argsort(joined, kind="stable")[: self._most]
        kept, places = len(self), pa.array(order)
        for name in dict.fromkeys([*self._columns, *columns]):
            first = self._columns.get(name, pa.nulls(kept, pa.string()))
            second = columns.get(name, pa.nulls(len(priorities), pa.string()))
            self._columns[name] = pa.concat_arrays([first, second]).take(places)
        self._priorities = joined[order]

    def to_json(self) -> Json:
        return {
            "version": 0,
            "seen": self.seen,
            "priorities": self._priorities.tolist(),
            "columns": {name: cells.to_pylist() for name, cells in self._columns.items()},
        }

    @classmethod
    def from_json(cls, document: Json) -> Sample:
        sample = cls()
        sample.seen = document["seen"]
        sample._join(
            np.array(document["priorities"], np.uint64),
            {name: pa.array(cells, pa.string()) for name, cells in document["columns"].items()},
        )
        return sample


def read_sample(folder: Path) -> Sample | None:
    """Return the sample in *folder*; None of a baseline that has none."""
    path = folder / SAMPLE
    if not path.is_file():
        return None
    try:
        return Sample.from_json(json.loads(path.read_text()))
    except (ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise UnreadableData(
            f"{path} is no sample of rows ({type(error).__name__}). Write the baseline again."
        ) from None


def write_sample(sample: Sample, folder: Path) -> None:
    """Write sample.json, whose bytes depend on the rows alone."""
    (folder / SAMPLE).write_text(json.dumps(sample.to_json(), separators=(",", ":")) + "\n")


def _texts(cells: Any) -> pa.Array:
    texts = plain(cells)
    return texts if pa.types.is_string(texts.type) else pc.cast(texts, pa.string())
