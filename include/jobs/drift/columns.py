"""Summarize a column so that it can be compared later without its rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import numerals
from .summaries import Numbers, Texts, pairs

FIRST = 64  # cells by which a block is guessed to be numbers or texts
STRAY = 0.01  # share of text up to which a column of numbers is still one

INTEGRAL, FRACTIONAL, STRING, UNKNOWN = "Integral", "Fractional", "String", "Unknown"


@dataclass
class Column:
    """
    One column; with *as_text* numbers are values of it like any other text.

    *markers* are words such as NA: values of a column of texts, missing in any other.
    """

    name: str
    as_text: bool = False
    missing: int = 0
    numbers: Numbers = field(default_factory=Numbers)
    texts: Texts = field(default_factory=Texts)
    markers: Counter[str] = field(default_factory=Counter)
    notation: str | None = None  # of numbers that are not written as programs write them
    personal: bool = False  # its cells are counted, and none of them is kept

    @property
    def present(self) -> int:
        return self.numbers.rows + self.texts.rows

    @property
    def rows(self) -> int:
        return self.present + self.missing + self.markers.total()

    @property
    def missing_share(self) -> float:
        return self.missing / self.rows if self.rows else 0.0

    @property
    def kind(self) -> str:
        """Return Model Monitor's inferred type; a few texts do not turn numbers into text."""
        if not self.present:
            return UNKNOWN
        if self.as_text or self.texts.rows > STRAY * self.present:
            return STRING
        return INTEGRAL if self.numbers.whole == self.numbers.rows else FRACTIONAL

    @property
    def numeric(self) -> bool:
        return self.kind in (INTEGRAL, FRACTIONAL)

    def share_of(self, kind: str) -> float:
        """Return the share of the filled cells of a type; an integer is fractional too."""
        if not self.present or kind in (STRING, UNKNOWN):
            return 1.0
        matching = self.numbers.whole if kind == INTEGRAL else self.numbers.rows
        return matching / self.present

    def add(self, cells: pa.Array | pa.ChunkedArray) -> None:
        """Add cells of any Arrow type; null, NaN and infinity are missing."""
        if self.personal:
            self.missing += len(cells)
            return
        one = plain(cells)
        filled = one.drop_null() if one.null_count else one
        self.missing += len(cells) - len(filled)
        if self.as_text:
            self.texts.add(*pc.value_counts(_as_text(filled)).flatten())
        elif pa.types.is_string(filled.type):
            self._add_strings(filled)
        else:
            is_float = filled.type == pa.float64()
            self._add_floats(filled if is_float else pc.cast(filled, pa.float64(), safe=False))

    def merge(self, other: Column) -> None:
        self.personal = self.personal or other.personal
        self.missing += other.missing
        self.numbers.merge(other.numbers)
        self.texts.merge(other.texts)
        self.markers.update(other.markers)

    def settled(self) -> Column:
        """Return the column; one that is text after all gets its numbers as values."""
        if self.kind == STRING and self.numbers.rows:
            items, weights = self.numbers.sketch.weighted()
            for item, weight in zip(items.tolist(), weights.tolist(), strict=True):
                self.texts.counts[f"{item:.12g}"] += weight
            self.numbers = Numbers()
        self._settle_markers()
        self.texts.prune()
        return self

    def _settle_markers(self) -> None:
        for value, count in self.markers.items():
            if self.kind == STRING and value.strip():
                self.texts.counts[value] += count
            else:
                self.missing += count
        self.markers = Counter()

    def _add_strings(self, filled: pa.Array) -> None:
        if self.notation == numerals.COMMA or not is_numeric_text(filled):
            self._add_written(filled)
        elif not self._add_plain(filled):
            marked = numerals.is_marker(filled)
            rest = filled.filter(pc.invert(marked))
            self._add_written(filled.filter(marked))
            if not self._add_plain(rest):
                self._add_written(rest)

    def _add_plain(self, filled: pa.Array) -> bool:
        """Add a block if all its cells are plainly written numbers; return whether it was added."""
        try:
            self._add_floats(pc.cast(filled, pa.float64()))
        except pa.ArrowInvalid:
            return False
        return True

    def _add_written(self, filled: pa.Array) -> None:
        """Add markers, texts, and numbers in whatever notation explains most of them."""
        values, times = pc.value_counts(filled).flatten()  # of texts, few are distinct
        if self.texts.counts.keys() >= set(values.to_pylist()):  # all are known to be texts
            self.texts.add(values, times)
            return
        marked = numerals.is_marker(values)
        for value, count in pairs(values.filter(marked), times.filter(marked)):
            self.markers[value] += count
        values, times = (cells.filter(pc.invert(marked)) for cells in (values, times))
        self.notation = self.notation or numerals.notation_of(values, times)
        numbers, numeric = numerals.read(values, self.notation)
        self._add_floats(numbers, times.filter(numeric))
        text = pc.invert(numeric)
        self.texts.add(values.filter(text), times.filter(text))

    def _add_floats(self, cells: pa.Array, times: pa.Array | None = None) -> None:
        """Add cells without nulls, each with its count in *times*."""
        values = unwrapped(cells)
        if times is not None:
            values = np.repeat(values, unwrapped(times, np.int64))
        with np.errstate(all="ignore"):  # a sum is finite only where every summand is
            finite = values if np.isfinite(values.sum()) else values[np.isfinite(values)]
        self.missing += len(values) - len(finite)
        self.numbers.add(finite)


def is_numeric_text(filled: pa.Array) -> bool:
    """Return whether the first cells are numbers, to avoid a costly failing cast of text."""
    head = filled.slice(0, FIRST)
    return len(head) == 0 or bool(pc.any(pc.match_substring_regex(head, numerals.NUMBER)).as_py())


def unwrapped(cells: pa.Array, kind: type = np.float64) -> np.ndarray:
    """Return the values, of eight bytes each; Arrow's own conversion imports pandas if it can."""
    data = cells.buffers()[1]
    if data is None:
        return np.empty(0)
    return np.frombuffer(data, dtype=kind)[cells.offset : cells.offset + len(cells)]


def plain(cells: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Convert one chunk to numbers or strings; booleans, dates and others become text."""
    one = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    if pa.types.is_dictionary(one.type):
        one = one.dictionary_decode()
    kind = one.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_string(kind):
        return one
    if pa.types.is_decimal(kind):
        return pc.cast(one, pa.float64())
    return pc.cast(one, pa.string())


def _as_text(filled: pa.Array) -> pa.Array:
    return filled if pa.types.is_string(filled.type) else pc.cast(filled, pa.string())
