"""Turn blocks of records into lines of CSV: raw records, encoded features, labels and keys.

An encoded line has the numbers that :class:`.encoding.Encoder` makes of the same record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from .checking import parsed
from .encoding import codes
from .schema import Medians, Schema

LINE = 1 << 24  # bytes of lines that are made at once


class Lines:
    """
    The lines of one file's records.

    :param written: The columns whose numbers are not written as every reader takes them.
    :param missing: The columns with empty cells.
    """

    def __init__(
        self, schema: Schema, medians: Medians, written: Collection[str], missing: Collection[str]
    ) -> None:
        self.schema = schema
        self._medians = medians
        self._written = written
        self._missing = missing
        self._codes = {name: codes(schema, name) for name in (*schema.flags, *schema.categories)}
        self._records = {name: _quoted(schema.vocabulary(name)) for name in self._codes}
        self._classes = {label: str(number) for label, number in (schema.labels or {}).items()}

    @property
    def rows_at_once(self) -> int:
        """Return the records of which lines are made at once, to bound the memory."""
        width = 16 * len(self.schema.numbers) + sum(
            max(map(len, codes.values())) for codes in self._codes.values()
        )
        return max(LINE // max(width, 1), 1)

    def features(self, columns: dict[str, pa.Array]) -> pa.Array:
        """Return the encoded features of each record."""
        numbers = [self._imputed(name, columns[name]) for name in self.schema.numbers]
        coded = [_replaced(columns[name], codes) for name, codes in self._codes.items()]
        return joined([*numbers, *coded])

    def records(self, columns: dict[str, pa.Array]) -> pa.Array:
        """Return the raw values of each record in the order of the schema's inputs."""
        numbers = [self._number(name, columns[name]) for name in self.schema.numbers]
        texts = [_replaced(columns[name], values) for name, values in self._records.items()]
        if len(numbers) == 1 and not texts:  # csv.writer's mark of a record that is one empty cell
            return pc.if_else(pc.equal(numbers[0], ""), '""', numbers[0])
        return joined([*numbers, *texts])

    def labels(self, columns: dict[str, pa.Array]) -> pa.Array:
        """Return the label of each record as a number."""
        cells = columns[self.schema.label]
        if self.schema.labels is None:
            return self._number(self.schema.label, cells)
        return _replaced(cells, self._classes)

    def _imputed(self, name: str, cells: pa.Array) -> pa.Array:
        texts = self._number(name, cells)
        if name not in self._missing:
            return texts
        return pc.if_else(pc.equal(texts, ""), f"{self._medians[name]:.12g}", texts)

    def _number(self, name: str, cells: pa.Array) -> pa.Array:
        """Return numbers as text; an empty text is a missing one."""
        if pa.types.is_string(cells.type):
            if name not in self._written:
                return cells
            empty = pc.equal(cells, "")
            cells = parsed(pc.if_else(empty, pa.scalar(None, pa.string()), cells))[0]
        return pc.fill_null(pc.cast(cells, pa.string()), "")


def joined(columns: Sequence[pa.Array]) -> pa.Array:
    return columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, ",")


def _quoted(values: Sequence[str]) -> dict[str, str]:
    """Return each value as a cell of a CSV file."""
    return {value: quoted([value]) for value in values}


def quoted(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue() if cells != [""] else ""


def _replaced(cells: pa.Array, texts: dict[str, str]) -> pa.Array:
    places = pc.index_in(cells, pa.array(texts, pa.string()))
    return pa.array([*texts.values()], pa.string()).take(places)
