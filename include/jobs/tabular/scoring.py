"""Make records of a raw file that a batch transform scores: its key, then the model's inputs."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from .partitions import files_by_time
from .schema import Schema

RECORDS, SUMMARY = "records", "summary"


def write_keyed_records(schema: Schema, raw: Path, output: Path, inputs: Sequence[str]) -> None:
    """Write a headerless CSV file for each raw file, named by its number, and the number of rows.

    *inputs* are the columns that the model takes, which may be of an older contract than the
    schema. SageMaker takes the key off before the model and joins it to the answer.
    """
    columns = (schema.key, *inputs)
    folder = output / RECORDS
    folder.mkdir(parents=True, exist_ok=True)
    rows = 0
    paths = [path for _, files in files_by_time(raw) for path in files]
    for number, path in enumerate(paths):
        with path.open(newline="", encoding="utf-8-sig", errors="replace") as source:
            records = ([row[name] for name in columns] for row in csv.DictReader(source))
            rows += _write(folder / f"part-{number:05}.csv", records)
    summary = output / SUMMARY / "rows.json"
    summary.parent.mkdir(parents=True, exist_ok=True)
    summary.write_text(json.dumps({"rows": rows}) + "\n")
    print(f"{rows} rows to score")


def _write(path: Path, records: Iterable[list[str]]) -> int:
    """Write *records*; return how many there were."""
    count = 0

    def counted() -> Iterator[list[str]]:
        nonlocal count
        for record in records:
            count += 1
            yield record

    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(counted())
    return count
