"""Write the churn set, repeated to any number of rows with a key for each, as partitions."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "include" / "data" / "churn"


def partitions(folder: Path, rows: int, count: int = 2) -> Path:
    """Write *rows* rows as *count* CSV files of one size, once."""
    folder.mkdir(parents=True, exist_ok=True)
    size = rows // count
    for number in range(count):
        path = folder / f"2024-01-{number + 1:02d}.csv"
        if not path.exists():
            write_rows(path, range(number * size, (number + 1) * size))
    return folder


def _bodies() -> tuple[str, list[str]]:
    """Return the header, and the committed rows without their keys."""
    files = [path.read_text().splitlines() for path in sorted(SOURCE.glob("*.csv"))]
    return files[0][0], [row.partition(",")[2] for rows in files for row in rows[1:]]


def write_rows(path: Path, numbers: range) -> None:
    """Write the rows with these numbers to *path*, which appears when all are written."""
    header, bodies = _bodies()
    partial = path.with_suffix(".partial")
    with partial.open("w") as file:
        file.write(f"{header}\n")
        for number in numbers:
            file.write(f"C{number:09d},{bodies[number % len(bodies)]}\n")
    partial.rename(path)
