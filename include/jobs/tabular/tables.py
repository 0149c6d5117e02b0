"""The Processing job that gives data sets a header: `run.py tabular.tables --input --output`.

An AutoML job takes a table with names, and the data sets of preprocessing have none: their first
column is the label, the others are features.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

LABEL = "label"
TRAIN = "train"
DATA_SETS = (TRAIN, "validation")
LEAST_ROWS = 500  # that an AutoML job trains on


def header(line: bytes) -> bytes:
    """Return the header of a data set that has *line*."""
    names = [LABEL, *(f"feature_{number}" for number in range(1, line.count(b",") + 1))]
    return f"{','.join(names)}\n".encode()


def check_rows(parts: Path, least: int = LEAST_ROWS) -> None:
    """Refuse a data set that is too small before the AutoML job is paid for."""
    rows = sum(_lines(path) for path in parts.iterdir() if path.is_file())
    if rows < least:
        raise SystemExit(
            f"The data set {parts.name} has {rows} rows, and an AutoML job takes {least} or more. "
            "Use more partitions (window_partitions), or train the pipeline's own candidates."
        )


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for line in file if line.strip())


def write_table(parts: Path, target: Path) -> None:
    """Write the lines of all files in the folder *parts* to *target*, below a header."""
    files = sorted(path for path in parts.iterdir() if path.is_file())
    if not files:
        raise SystemExit(f"The data set {parts.name} has no rows. Use a longer window.")
    with files[0].open("rb") as first:
        line = first.readline()
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as table:
        table.write(header(line))
        for path in files:
            with path.open("rb") as part:
                shutil.copyfileobj(part, table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    given = parser.parse_args()
    check_rows(given.input / TRAIN)
    for name in DATA_SETS:
        write_table(given.input / name, given.output / name / "table.csv")


if __name__ == "__main__":
    main()
