"""Turn rows of text into numbers: impute, one-hot encode, and scale if asked to.

Pure Python and a JSON document, so that it is served without the import of a framework.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from statistics import fmean, median, pstdev
from typing import Any

DOCUMENT = "data_processor.json"  # its file in the model
MOST_CATEGORIES = 60  # columns of one category; rarer values share one more
LEAST_SHARE = 0.002  # of the rows that a value needs for a column of its own
Row = list[str]


def as_number(text: str) -> float | None:
    """Return the finite number of *text*; None if it is no number."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


class BadRow(ValueError):
    """Raised for a row that does not fit the model; the message says why."""


class Processor:
    """The fitted columns, and the classes of the target; none for a regression."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._columns: list[dict[str, Any]] = document["columns"]
        self.classes: list[str] = document["classes"]
        self._codes = {name: code for code, name in enumerate(self.classes)}

    @classmethod
    def load(cls, folder: Path) -> Processor:
        """Return the processor of the model in *folder*."""
        return cls(json.loads((folder / DOCUMENT).read_text()))

    def save(self, folder: Path) -> None:
        """Write the processor into a model's folder."""
        (folder / DOCUMENT).write_text(json.dumps(self.document))

    @classmethod
    def fit(cls, rows: list[Row], scaled: bool, classify: bool) -> Processor:
        """Learn from *rows*, whose first cell is the target."""
        cells = list(zip(*rows, strict=True))
        labels, features = cells[0], cells[1:]
        classes = sorted(set(labels), key=_class_order) if classify else []
        columns = [_fitted(column, scaled) for column in features]
        return cls({"columns": columns, "classes": classes})

    def features(self, row: Row) -> list[str]:
        """Return the numbers of a row without its target, as text."""
        if len(row) != len(self._columns):
            raise BadRow(
                f"A row has {len(row)} cells, and the model {len(self._columns)} columns. Send "
                "the columns of the training data in their order, without the target."
            )
        numbers: list[float] = []
        for column, cell in zip(self._columns, row, strict=True):
            numbers += _encoded(column, cell.strip())
        return [f"{number:.9g}" for number in numbers]

    def label(self, text: str) -> str:
        """Return the target as a number, as text."""
        if not self.classes:
            return text
        if text not in self._codes:
            raise BadRow(f"The training data do not have the class {text!r}.")
        return str(self._codes[text])


def _class_order(label: str) -> tuple[float, str]:
    number = as_number(label)
    return (math.inf if number is None else number, label)


def _fitted(cells: tuple[str, ...], scaled: bool) -> dict[str, Any]:
    present = [cell.strip() for cell in cells if cell.strip()]
    numbers = [as_number(cell) for cell in present]
    if present and None not in numbers:
        return _numeric([n for n in numbers if n is not None], len(present) < len(cells), scaled)
    counts = Counter(present).most_common(MOST_CATEGORIES)
    least = max(2, round(LEAST_SHARE * len(cells)))
    return {"values": [value for value, count in counts if count >= least]}


def _numeric(numbers: list[float], has_missing: bool, scaled: bool) -> dict[str, Any]:
    deviation = pstdev(numbers)
    return {
        "fill": median(numbers),
        "missing": has_missing,
        "shift": fmean(numbers) if scaled else 0.0,
        "scale": deviation if scaled and deviation else 1.0,
    }


def _encoded(column: dict[str, Any], cell: str) -> list[float]:
    if "values" in column:
        known = [float(cell == value) for value in column["values"]]
        return [*known, float(not any(known))]
    number = as_number(cell)
    value = column["fill"] if number is None else number
    flag = [float(number is None)] if column["missing"] else []
    return [(value - column["shift"]) / column["scale"], *flag]
