"""Samples of many kinds, written as files."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from include.new_pipeline.guesses import Guesses, guesses
from include.new_pipeline.sample import Sample

Cells = Mapping[str, Sequence[str]]
ROWS = range(60)


def table(**columns: Callable[[int], object]) -> dict[str, list[str]]:
    """Return *columns* of 60 rows; `__` in a name stands for a space."""
    return {n.replace("__", " "): [str(cell(row)) for row in ROWS] for n, cell in columns.items()}


def as_csv(columns: Cells) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    return text.getvalue()


def written(path: Path, columns: Cells) -> Path:
    """Write *columns* in the form that the name of *path* says."""
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(as_csv(columns).encode()))
    else:
        path.write_text(as_csv(columns))
    return path


def guessed(columns: Cells, label: str, **given: str) -> Guesses:
    sample = Sample(Path("sample.csv"), {name: [*cells] for name, cells in columns.items()})
    return guesses(sample, label, given.get("key"), given.get("problem"))


BINARY = table(
    loan_id=lambda row: f"L{row:03}",
    amount=lambda row: row * 10.5,
    paid=lambda row: "yes" if row % 2 else "no",
    region=lambda row: "north south east".split()[row % 3],
    customer_email=lambda row: f"{row}@example.com",
    defaulted=lambda row: "bad" if row % 5 == 0 else "good",
)
MULTICLASS = table(
    number=lambda row: row,
    length=lambda row: row / 7,
    width=lambda row: "" if row % 9 == 0 else row % 4,
    species=lambda row: ("setosa", 'vir"ginica', "ver'sicolor")[row % 3],
)
REGRESSION = table(
    id=lambda row: row,
    rooms=lambda row: row % 4,
    zip=lambda row: f"0{1000 + row % 7}",
    sold_on=lambda row: f"2024-01-{1 + row % 28:02}",
    note=lambda row: f"a text of its own, number {row}\nand a line",
    price=lambda row: 100_000 + 37.5 * row,
)
ODD = {
    "Order ID": [f"o-{row}" for row in ROWS],
    'size "cm", outer': [str(row) for row in ROWS],
    "größe's": ["klein" if row % 2 else "groß" for row in ROWS],
    "tabs\tand \\": ["" if row % 5 == 0 else "a\\b" if row % 2 else "c" for row in ROWS],
    "empty": ["" for _ in ROWS],
    "same": ["x" for _ in ROWS],
    "N/A": ["NA" if row % 7 == 0 else str(row) for row in ROWS],
    "Ziel": [str(row % 2) for row in ROWS],
}
