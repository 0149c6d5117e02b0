"""The Processing job: raw slices in; data sets, baseline and the model's preprocessing out.

`run.py tabular.preprocess split --schema churn --raw DIR --output DIR`: the holdout is the newest
partition, or those from `--holdout-from` on; medians come from the training rows alone.
`run.py tabular.preprocess records --schema churn --raw DIR --contract DIR --output DIR`: new rows
as records for a batch transform, with the columns of the model that will score them.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import random
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..drift.baseline import profile_of, write_baseline
from ..drift.contracts import CONTRACT, read_contract
from ..drift.tables import read_table
from .archive import NAME, write_archive
from .contract import contract_document
from .encoding import Encoder
from .partitions import files_by_time, held_out
from .schema import Medians, Row, Schema
from .scoring import write_keyed_records

VALIDATION_SHARE = 0.2
SEED = 7
PART = "part-00000.csv"  # files of one number hold the same rows in the same order


@dataclass(frozen=True)
class Tables:
    """Rows in the form that the models of one schema read."""

    schema: Schema
    medians: Medians

    def features(self, rows: Sequence[Row]) -> Iterable[str]:
        encoder, inputs = Encoder(self.schema, self.medians), self.schema.inputs
        return (encoder.line([row[name] for name in inputs]) for row in rows)

    def records(self, rows: Sequence[Row]) -> Iterable[Sequence[str]]:
        """The raw values in the schema's order: what endpoints and transform jobs take."""
        return ([row[name] for name in self.schema.inputs] for row in rows)

    def summarized(self, rows: Sequence[Row]) -> Iterable[Sequence[str]]:
        """The records with empty cells where they are personal."""
        kept = [name not in self.schema.personal for name in self.schema.inputs]
        for record in self.records(rows):
            yield [cell if shown else "" for cell, shown in zip(record, kept, strict=True)]

    def labelled(self, rows: Sequence[Row]) -> Iterable[str]:
        """The label in column 0 and no header: what the built-in algorithms read."""
        pairs = zip(rows, self.features(rows), strict=True)
        return (f"{self.schema.target(row)},{features}" for row, features in pairs)


def split(
    schema: Schema,
    raw: Path,
    output: Path,
    holdout_from: datetime | None = None,
    holdout_rows: int = 1,
) -> None:
    groups = files_by_time(raw)
    newest = held_out([time for time, _ in groups], holdout_from)
    older = [path for time, paths in groups if time not in newest for path in paths]
    if not older:
        raise SystemExit(f"{raw} has one partition: a window needs a second one to train on.")
    rows = [row for path in older for row in read(path)]
    random.Random(SEED).shuffle(rows)
    cut = int(len(rows) * VALIDATION_SHARE)
    validation, train = rows[:cut], rows[cut:]
    held = [path for time, paths in groups if time in newest for path in paths]
    holdout = [row for path in held for row in read(path)]
    if len(holdout) < holdout_rows:
        raise SystemExit(
            f"The holdout has {len(holdout)} rows, fewer than {holdout_rows}. Lengthen the "
            "pipeline's holdout, or lower its least number of rows."
        )
    tables = Tables(schema, medians_of(schema, train))
    write(output / "train" / "train.csv", tables.labelled(train))
    write(output / "validation" / "validation.csv", tables.labelled(validation))
    write_records(output / "validation_records" / PART, tables.records(validation))
    write(output / "validation_labels" / PART, map(schema.target, validation))
    write_archive(schema, tables.medians, output / "preprocessing" / NAME)
    write_records(output / "holdout" / PART, tables.records(holdout))
    write(output / "holdout_labels" / PART, map(schema.target, holdout))
    summarize(tables, rows, output / "baseline")
    print(f"{len(train)} rows to train on, {cut} to validate, {len(holdout)} held out")


def summarize(tables: Tables, rows: Sequence[Row], baseline: Path) -> None:
    """Write the statistics of the raw columns, and the contract of the models of these data."""
    schema = tables.schema
    write_records(baseline / "baseline.csv", [schema.inputs, *tables.summarized(rows)])
    batches = read_table(baseline / "baseline.csv")
    texts = (*schema.flags, *schema.categories)
    write_baseline(profile_of(batches, schema.personal, texts), baseline)
    write(baseline / CONTRACT, [json.dumps(contract_document(schema))])


def read(path: Path) -> Iterable[Row]:
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        yield from csv.DictReader(file)


def medians_of(schema: Schema, rows: Sequence[Row]) -> Medians:
    return {
        name: statistics.median(schema.number(name, row[name]) for row in rows if row[name])
        for name in schema.numbers
    }


def write(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        file.writelines(f"{line}\n" for line in lines)


def write_records(path: Path, rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def schema_of(job: str) -> Schema:
    """Return the SCHEMA of another job folder."""
    schema: Schema = importlib.import_module(f"..{job}.schema", __package__).SCHEMA
    return schema


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["split", "records"])
    parser.add_argument("--schema", type=schema_of, required=True)
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--holdout-from", type=datetime.fromisoformat)
    parser.add_argument("--holdout-rows", type=int, default=1)
    parser.add_argument("--contract", type=Path, metavar="DIR", help="of the model's contract.json")
    given = parser.parse_args()
    if given.command == "split":
        holdout = given.holdout_from, given.holdout_rows
        split(given.schema, given.raw, given.output, *holdout)
    else:
        contract = read_contract(given.contract) if given.contract else None
        inputs = contract.inputs if contract else given.schema.inputs
        write_keyed_records(given.schema, given.raw, given.output, inputs)


if __name__ == "__main__":
    main()
