"""Files of a small window, in any format."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from include.jobs.tabular.engine import Alone
from include.jobs.tabular.schema import Schema
from include.jobs.tabular.sources import labelled_sources
from include.jobs.tabular.window import prepare

Row = dict[str, str]
SCHEMA = Schema(
    key="id",
    label="bought",
    labels={"no": 0, "yes": 1},
    numbers=("age", "spent"),
    flags=("member",),
    categories={"city": ("Bern", "Genève, GE", "Zug")},
)


def rows_of(start: int, count: int) -> list[Row]:
    """Return records whose keys begin at *start*; every seventh age is empty."""
    cities = SCHEMA.categories["city"]
    return [
        {
            "ignored": f"line one\nline {n}",
            "id": f"customer-{n}",
            "age": "" if n % 7 == 0 else str(20 + n % 50),
            "spent": f"{n * 1.25}",
            "member": ("no", "yes")[n % 3 % 2],
            "city": cities[n % 3],
            "bought": ("no", "yes")[n % 2],
        }
        for n in range(start, start + count)
    ]


def csv_text(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(rows), newline="")


def write_gzip(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(csv_text(rows).encode()))


def write_parquet(path: Path, rows: Sequence[Row]) -> None:
    """Write numbers as numbers, flags as booleans, and the category as a dictionary."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    table = {
        **{name: pa.array(values) for name, values in columns.items()},
        "age": pa.array([int(value) if value else None for value in columns["age"]], pa.int32()),
        "spent": pa.array([float(value) for value in columns["spent"]]),
        "member": pa.array([value == "yes" for value in columns["member"]]),
        "city": pa.array(columns["city"]).dictionary_encode(),
    }
    pq.write_table(pa.table(table), path)


def prepared(raw: Path, output: Path, schema: Schema = SCHEMA) -> dict[str, int]:
    """Write the data sets of the files below *raw* as one instance does."""
    with Alone(schema, raw, output) as engine:
        return prepare(schema, engine, labelled_sources(engine.raw, engine.files, None), output)


OLDER, HOLDOUT = rows_of(0, 400), rows_of(400, 100)


def cells(folder: Path) -> list[list[str]]:
    """Return the records of all parts of a data set."""
    texts = [path.read_text() for path in sorted(folder.iterdir())]
    return [row for text in texts for row in csv.reader(text.splitlines())]
