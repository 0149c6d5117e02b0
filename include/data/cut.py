"""Split one CSV export into the weekly partitions that the DAGs read, one file per Monday.

`python -m include.data.cut export.csv --pipeline churn --weeks 8 --first 2024-01-01` splits
the rows evenly, in their order; `--date-column day` puts each row into its own week instead.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from include.pipelines.definition.names import check_name
from include.pipelines.errors import PipelineError
from include.settings import settings

Row = dict[str, str]
WEEK = timedelta(days=7)
MOST_CLASSES = 20  # most values of a column to check for sorted rows
SURE = 10  # expected rows of a value per partition, above which it is never absent by chance
SHUFFLE = (
    "Shuffle the rows, split them by --date-column, or, if they are in time order, add --in-order."
)
LEAST = 2  # partitions: one to train on and one to hold out


class CutError(ValueError):
    """Raised when a file cannot be split as requested."""


def evenly(rows: Sequence[Row], first: date, weeks: int) -> dict[date, list[Row]]:
    """Return *weeks* partitions of about equal length, from the week of *first* on."""
    if not LEAST <= weeks <= len(rows):
        raise CutError(
            f"{len(rows)} rows cannot fill {weeks} weeks. Set --weeks to 2 to {len(rows)}."
        )
    monday = _monday(first)
    edges = [len(rows) * week // weeks for week in range(weeks + 1)]
    return {
        monday + week * WEEK: list(rows[edges[week] : edges[week + 1]]) for week in range(weeks)
    }


def by_date(rows: Sequence[Row], column: str) -> dict[date, list[Row]]:
    """Return the rows by week, from their ISO dates or times in *column*."""
    slices: dict[date, list[Row]] = {}
    for number, row in enumerate(rows, start=2):
        try:
            day = date.fromisoformat(row[column][:10])
        except KeyError:
            raise CutError(f"No column {column!r}. Available: {', '.join(row)}.") from None
        except ValueError:
            raise CutError(
                f"Column {column!r}, row {number}: {row[column]!r} is not an ISO date. "
                "Write it as 2024-01-31."
            ) from None
        slices.setdefault(_monday(day), []).append(row)
    return slices


def refuse_lopsided(slices: Mapping[date, Sequence[Row]]) -> None:
    """Refuse a partition that lacks a value which it would contain often in unsorted rows."""
    rows = [row for part in slices.values() for row in part]
    for column in rows[0]:
        counts = Counter(row[column] for row in rows)
        if not 1 < len(counts) <= MOST_CLASSES:
            continue
        for monday, part in sorted(slices.items()):
            absent = counts.keys() - {row[column] for row in part}
            for value in sorted(absent):
                if counts[value] * len(part) / len(rows) >= SURE:
                    raise CutError(
                        f"No row of the partition {monday} has {value!r} in {column!r}, but "
                        f"{counts[value]:,} of all {len(rows):,} rows have it: they are sorted. "
                        f"{SHUFFLE}"
                    )


def refuse_sorted(rows: Sequence[Row]) -> None:
    """Refuse rows that are sorted by a class: each partition would hold only one value."""
    for column in rows[0]:
        values = [row[column] for row in rows]
        runs = 1 + sum(a != b for a, b in pairwise(values))
        if 1 < runs == len(set(values)) <= min(MOST_CLASSES, len(rows) // 2):
            raise CutError(
                f"The rows are sorted by {column!r}, so each partition would hold only one value. "
                f"{SHUFFLE}"
            )


def write_slices(folder: Path, slices: Mapping[date, Sequence[Row]]) -> list[Path]:
    """Write one file per partition, atomically, since a DAG may read the folder at any time."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for monday, rows in sorted(slices.items()):
        path = folder / f"{monday}.csv"
        partial = path.with_suffix(".partial")
        with partial.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        partial.replace(path)
        paths.append(path)
    return paths


def read_rows(path: Path) -> list[Row]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = [_checked(path, reader.line_num, row) for row in reader]
            header = list(reader.fieldnames or [])
    except UnicodeDecodeError as error:
        raise CutError(f"{path} is not UTF-8: {error}. Export it again as UTF-8.") from None
    except OSError as error:
        raise CutError(f"{path} cannot be read: {error.strerror}. Correct the path.") from None
    except csv.Error as error:
        raise CutError(f"{path} is not CSV: {error}. Export it again as plain CSV.") from None
    _check_header(path, header)
    if not rows:
        raise CutError(f"{path} has no rows below its header. Export it again.")
    return rows


def _check_header(path: Path, header: Sequence[str]) -> None:
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise CutError(f"{path} has column {twice[0]!r} twice. Drop or rename one of them.")
    if len(header) == 1 and (separator := re.search(r"[;\t|]", header[0])):
        raise CutError(
            f"{path} has one column, {header[0]!r}: it is separated by {separator[0]!r}. "
            "Export it again with commas."
        )


def _checked(path: Path, line: int, row: Row) -> Row:
    if None in row or None in row.values():
        raise CutError(
            f"{path}, row {line}: a different number of cells than the header has. Correct it."
        )
    return row


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _landing_folder(pipeline: str) -> Path:
    landing = settings().landing
    if landing.startswith("s3://"):
        raise CutError(
            f"PRODML_LANDING is {landing}, where this command does not write. Set it to a folder "
            f"for the command, and copy the files: aws s3 sync FOLDER/{pipeline} "
            f"{landing.rstrip('/')}/{pipeline}."
        )
    return Path(landing) / pipeline


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date. Write it as 2024-01-31."
        ) from None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m include.data.cut", description=__doc__)
    parser.add_argument("csv", type=Path)
    parser.add_argument(
        "--pipeline", required=True, help="the pipeline whose landing folder to write to"
    )
    parser.add_argument("--date-column", help="split by this column")
    parser.add_argument("--weeks", type=int, default=8, help="or into this many equal partitions")
    parser.add_argument("--first", type=_day, default=date(2024, 1, 1))
    parser.add_argument(
        "--in-order", action="store_true", help="accept sorted rows: they are in time order"
    )
    given = parser.parse_args(arguments)
    try:
        check_name(given.pipeline)
        folder = _landing_folder(given.pipeline)
        rows = read_rows(given.csv)
        if given.date_column:
            slices = by_date(rows, given.date_column)
        else:
            slices = evenly(rows, given.first, given.weeks)
            if not given.in_order:
                refuse_sorted(rows)
                refuse_lopsided(slices)
    except (CutError, PipelineError) as error:
        print(error, file=sys.stderr)
        return 1
    paths = write_slices(folder, slices)
    print(f"{len(rows)} rows in {len(paths)} partitions: {paths[0]} ... {paths[-1].name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
