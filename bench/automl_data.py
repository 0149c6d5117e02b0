"""Data sets of three pipelines, divided by a seed and prepared by the pipelines' own job."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.report import ROOT
from include.jobs.digits.schema import DIGITS
from include.pipelines import churn, digits, tumours
from include.pipelines.definition.pipeline import Pipeline

Row = dict[str, object]
FIRST, WEEKS = date(2024, 1, 1), 4
DATA = ROOT / "include" / "data"


@dataclass(frozen=True)
class DataSet:
    """A pipeline, and how many of its rows are held out; AutoML needs 500 of the others."""

    pipeline: Pipeline
    holdout: int

    def rows(self) -> list[Row]:
        """Return all rows with their key and their label."""
        if self.pipeline.name == "digits":
            return _digits()
        return [
            dict(row)
            for path in sorted((DATA / self.pipeline.name).glob("*.csv"))
            for row in csv.DictReader(path.open(newline=""))
        ]

    def prepare(self, seed: int, folder: Path) -> Path:
        """Divide the rows by *seed*, and return the folder of what preprocessing makes of them."""
        rows = self.rows()
        random.Random(seed).shuffle(rows)
        older, held = rows[self.holdout :], rows[: self.holdout]
        parts = [older[week::WEEKS] for week in range(WEEKS)]
        raw, output = folder / "raw", folder / "prepared"
        raw.mkdir(parents=True)
        for week, part in enumerate([*parts, held]):
            _write(raw / f"{FIRST + timedelta(weeks=week)}.csv", part)
        command = [sys.executable, str(ROOT / "include" / "jobs" / "run.py")]
        command += ["tabular.preprocess", "split", "--schema", self.pipeline.name]
        command += ["--raw", str(raw), "--output", str(output)]
        subprocess.run(command, check=True, capture_output=True)
        return output


def _digits() -> list[Row]:
    from sklearn.datasets import load_digits

    schema, data = digits.PIPELINE.schema, load_digits()
    return [
        {
            schema.key: f"D{number}",
            schema.label: DIGITS[target],
            **dict(zip(schema.numbers, map(int, pixels), strict=True)),
        }
        for number, (pixels, target) in enumerate(zip(data.data, data.target, strict=True))
    ]


def _write(path: Path, rows: list[Row]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


DATA_SETS = (
    DataSet(churn.PIPELINE, 1000),
    DataSet(tumours.PIPELINE, 69),
    DataSet(digits.PIPELINE, 400),
)
