"""Check the cells of a block by the schema, and return its numbers as floats."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .reading import Block, Rows, is_number
from .schema import Schema
from .sources import Source
from .violations import Violation, Violations

NO_ROWS = "the file has a header but no rows. Export the partition again, or remove the file."


@dataclass
class Checker:
    """Checks the blocks of one file.

    *written* are the columns with numbers that are not written as every reader takes them, such as
    ` 4`; *missing* are those with empty cells.
    """

    schema: Schema
    source: Source
    rows: Rows
    violations: Violations = field(default_factory=Violations)
    written: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)

    def block(self, block: Block) -> dict[str, pa.Array]:
        """Return the columns as floats and strings; cells that break a rule are null."""
        checked = {}
        for name, cells in block.columns.items():
            if is_number(self.schema, name):
                checked[name] = self._numbers(block, name, cells)
            else:
                checked[name] = self._texts(block, name, cells)
        return checked

    def finish(self, rows: int) -> None:
        """Add the violations of the file as a whole."""
        for number, cells, wanted in self.rows.ragged:
            sentence = f"{cells} cells under a header of {wanted}. Correct the row."
            self._add(Violation("width", self.source.uri, sentence, row=number))
        if not rows and not self.violations:
            self._add(Violation("empty", self.source.uri, NO_ROWS))

    def _add(self, violation: Violation, count: int = 1) -> None:
        self.violations.add(violation, count)

    def _mark(self, rule: str, block: Block, name: str, bad: np.ndarray, why: str) -> None:
        """Add a violation for each row in *bad*, those that are not shown by their count."""
        cells = block.columns[name]
        shown = bad[: max(self.violations.room(rule), 1)]
        for index in shown.tolist():
            value = _quoted(self.schema, name, cells[index].as_py())
            self._add(
                Violation(
                    rule,
                    self.source.uri,
                    why.format(value),
                    name,
                    self.rows.number(block.first + index),
                )
            )
        self.violations.counts[rule] += len(bad) - len(shown)

    def _texts(self, block: Block, name: str, cells: pa.Array) -> pa.Array:
        texts = self._decoded(block, name, cells)
        if name == self.schema.key:
            empty = np.flatnonzero(unwrapped_bool(pc.equal(texts, "")))
            if len(empty):
                self._mark("key", block, name, empty, "the key is empty. Fill it in.")
            return texts
        known = pa.array(self.schema.vocabulary(name), pa.string())
        strange = pc.is_null(pc.index_in(texts, known))
        if pc.any(strange).as_py():
            rows = np.flatnonzero(unwrapped_bool(strange))
            some = _escaped(self.schema.allowed(name))
            why = (
                f"{{}} is not an allowed value ({some}). Correct the cell, or add the value to the "
                "pipeline's schema.py."
            )
            rule = "label" if name == self.schema.label else "vocabulary"
            self._mark(rule, block, name, rows, why)
        return texts

    def _decoded(self, block: Block, name: str, cells: pa.Array) -> pa.Array:
        try:
            return pc.cast(cells, pa.string())
        except pa.ArrowInvalid:
            values = [_utf8(value) for value in cells.to_pylist()]
            bad = np.flatnonzero(np.array([value is None for value in values]))
            self._mark("encoding", block, name, bad, "the cell is not UTF-8. Export it as UTF-8.")
            return pa.array([value or "" for value in values], pa.string())

    def _numbers(self, block: Block, name: str, cells: pa.Array) -> pa.Array:
        floats = cells if pa.types.is_floating(cells.type) else self._floats(block, name, cells)
        if floats.null_count:
            self.missing.add(name)
            if name == self.schema.label:
                empty = np.flatnonzero(unwrapped_bool(pc.is_null(floats)))
                why = "the label is empty. Fill it in, or take the row out."
                self._mark("label", block, name, empty, why)
        total = pc.sum(floats).as_py()
        if total is not None and not isfinite(total):
            bad = np.flatnonzero(~np.isfinite(_filled(floats)))
            if len(bad):
                self._mark("number", block, name, bad, NO_NUMBER)
        return floats

    def _floats(self, block: Block, name: str, cells: pa.Array) -> pa.Array:
        texts = self._decoded(block, name, cells)
        try:
            return pc.cast(texts, pa.float64())
        except pa.ArrowInvalid:
            pass
        texts = pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
        try:
            return pc.cast(texts, pa.float64())
        except pa.ArrowInvalid:
            self.written.add(name)
            return self._parsed(block, name, texts)

    def _parsed(self, block: Block, name: str, texts: pa.Array) -> pa.Array:
        """Return the numbers as Python reads them; those that it does not read become 0."""
        numbers, strange = parsed(texts)
        if strange.any():
            self._mark("number", block, name, np.flatnonzero(strange), NO_NUMBER)
        return numbers


NO_NUMBER = "{} is not a number. Correct the cell, or leave it empty to have it imputed."


def parsed(texts: pa.Array) -> tuple[pa.Array, np.ndarray]:
    """Return texts as numbers, and a mask of those that are not numbers, which become 0."""
    encoded = texts.dictionary_encode()
    values = [_number(value) for value in encoded.dictionary.to_pylist()]
    strange = pa.array([value is None for value in values], pa.bool_())
    bad = unwrapped_bool(pc.fill_null(strange.take(encoded.indices), False))
    return pa.array([value or 0.0 for value in values], pa.float64()).take(encoded.indices), bad


def unwrapped_bool(cells: pa.Array) -> np.ndarray:
    return np.asarray(cells.to_numpy(zero_copy_only=False), bool)


def _filled(floats: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(floats, 0.0).to_numpy(zero_copy_only=False))


def _number(text: str) -> float | None:
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def _utf8(value: bytes) -> str | None:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _quoted(schema: Schema, name: str, value: object) -> str:
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    return schema.shown(name, text[:80])


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
