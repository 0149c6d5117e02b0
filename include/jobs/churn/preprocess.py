"""The Processing job: raw slices in; train, validation, holdout, baseline and encoder out.

`python -m churn.preprocess split --raw DIR --output DIR`: the holdout is the newest slice, which no
model has seen; medians come from the training rows alone.
`python -m churn.preprocess encode --raw DIR --encoder DIR --output DIR`: features of new rows, with
the encoder of the model that will score them.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..drift.baseline import write_baseline
from .schema import FEATURES, KEY, LABEL, LABELS, NUMBERS, Medians, Row, as_csv, encode

VALIDATION_SHARE = 0.2
SEED = 7


def split(raw: Path, output: Path) -> None:
    *older, newest = sorted(raw.glob("*.csv"))
    if not older:
        raise SystemExit(f"{newest} is the only slice: a window needs a second one to train on.")
    rows = [row for path in older for row in read(path)]
    random.Random(SEED).shuffle(rows)
    cut = int(len(rows) * VALIDATION_SHARE)
    validation, train = rows[:cut], rows[cut:]
    holdout = list(read(newest))
    medians = medians_of(train)
    write(output / "train" / "train.csv", labelled(train, medians))
    write(output / "validation" / "validation.csv", labelled(validation, medians))
    write(output / "holdout" / "features.csv", features(holdout, medians))
    write(output / "holdout_labels" / "labels.csv", (str(LABELS[r[LABEL]]) for r in holdout))
    encoder = {"medians": medians, "features": FEATURES}
    write(output / "encoder" / "encoder.json", [json.dumps(encoder)])
    baseline = output / "baseline"
    write(baseline / "baseline.csv", [",".join(FEATURES), *features(rows, medians)])
    write_baseline(baseline / "baseline.csv", baseline)
    print(f"{len(train)} rows to train on, {cut} to validate, {len(holdout)} held out")


def encode_file(raw: Path, encoder: Path, output: Path) -> None:
    medians = json.loads((encoder / "encoder.json").read_text())["medians"]
    for path in sorted(raw.glob("*.csv")):
        rows = list(read(path))
        write(output / "features" / path.name, features(rows, medians))
        write(output / "keys" / path.name, (row[KEY] for row in rows))
        print(f"{path.name}: {len(rows)} rows encoded")


def read(path: Path) -> Iterable[Row]:
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        yield from csv.DictReader(file)


def medians_of(rows: Sequence[Row]) -> Medians:
    return {name: statistics.median(float(r[name]) for r in rows if r[name]) for name in NUMBERS}


def features(rows: Sequence[Row], medians: Medians) -> Iterable[str]:
    return (as_csv(encode(row, medians)) for row in rows)


def labelled(rows: Sequence[Row], medians: Medians) -> Iterable[str]:
    """The label in column 0 and no header: what the built-in algorithms read."""
    return (f"{LABELS[row[LABEL]]},{as_csv(encode(row, medians))}" for row in rows)


def write(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        file.writelines(f"{line}\n" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["split", "encode"])
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--encoder", type=Path)
    given = parser.parse_args()
    if given.command == "split":
        split(given.raw, given.output)
    else:
        encode_file(given.raw, given.encoder, given.output)


if __name__ == "__main__":
    main()
