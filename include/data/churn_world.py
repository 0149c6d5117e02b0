"""Generate further churn data: traffic and labelled rows.

There are two worlds: "original" is the committed data; in "shifted" the company has a new tariff
and a new hotline. The same customers leave, but the predictive columns have moved, so that a model
of one world ranks the customers of the other badly. Every real row is used at most once in a set of
labelled partitions, so that none is in both the training data and the holdout.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Literal

from include.data.cut import write_slices
from include.jobs.churn.schema import SCHEMA

World = Literal["original", "shifted"]
Row = dict[str, str]
COMMITTED = Path(__file__).parent / "churn"
SLICE_ROWS = 500
SHIFTED_COLUMNS = ("total_day_minutes", "total_day_charge", "number_customer_service_calls")
WEEK = timedelta(days=7)


def real_rows(folder: Path = COMMITTED) -> list[Row]:
    """Return all committed rows, in the order of their partitions."""
    return [row for path in sorted(folder.glob("*.csv")) for row in _read(path)]


def rows_of(world: World, seed: int) -> Iterator[Row]:
    """Yield the real rows in random order, as they are in *world*."""
    rows = real_rows()
    random.Random(seed).shuffle(rows)
    return (row if world == "original" else shifted(row) for row in rows)


def shifted(row: Row) -> Row:
    """Return the same customer under the new tariff: longer, cheaper days, and more calls."""
    minutes = 1.5 * float(row["total_day_minutes"]) + 60
    calls = int(row["number_customer_service_calls"]) + 2
    moved = (f"{minutes:.1f}", f"{minutes * 0.08:.2f}", str(calls))
    return row | dict(zip(SHIFTED_COLUMNS, moved, strict=True))


def traffic(world: World, rows: int, seed: int) -> list[str]:
    """Return *rows* requests, each a record in JSON, as callers of the endpoint send them."""
    drawn = islice(cycle(rows_of(world, seed)), rows)
    return [json.dumps({name: _value(name, row[name]) for name in SCHEMA.inputs}) for row in drawn]


def _value(column: str, cell: str) -> float | str | None:
    if column not in SCHEMA.numbers:
        return cell
    return float(cell) if cell else None


def land_slices(folder: Path, world: World, first: date, weeks: int, seed: int) -> list[Path]:
    """Write *weeks* labelled partitions of *world* into *folder*, from the Monday *first*."""
    rows = list(rows_of(world, seed))
    if weeks * SLICE_ROWS > len(rows):
        raise ValueError(
            f"{weeks} partitions need {weeks * SLICE_ROWS} rows, but there are {len(rows)}; "
            f"ask for at most {len(rows) // SLICE_ROWS}."
        )
    cut = [rows[week * SLICE_ROWS : (week + 1) * SLICE_ROWS] for week in range(weeks)]
    return write_slices(folder, {first + week * WEEK: part for week, part in enumerate(cut)})


def _read(path: Path) -> list[Row]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
