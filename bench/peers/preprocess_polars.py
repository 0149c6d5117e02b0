"""Check, split, encode and summarize two partitions of the churn data by polars' streaming engine.

It writes what `tabular.preprocess split` writes: encoded rows for training and validation, raw
records for validation and holdout, their labels, and the statistics of the raw columns.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

SHARE = 20  # per cent of the older rows that validate
FLAGS = ("international_plan", "voice_mail_plan")
CATEGORIES = {"state": sys.argv[3].split(","), "area_code": ["408", "415", "510"]}
KEY, LABEL = "customer_id", "churn"


def frame(path: Path) -> pl.LazyFrame:
    texts = dict.fromkeys((KEY, LABEL, *FLAGS, *CATEGORIES), pl.String)
    return pl.scan_csv(path, schema_overrides=texts)


def collect(lazy: pl.LazyFrame) -> pl.DataFrame:
    return lazy.collect(engine="streaming")


def sink(lazy: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    path.parent.mkdir(parents=True, exist_ok=True)
    return lazy.sink_csv(path, include_header=False, lazy=True)


raw, output = Path(sys.argv[1]), Path(sys.argv[2])
*paths, newest = sorted(raw.glob("*.csv"))
older, holdout = pl.concat([frame(path) for path in paths]), frame(newest)
names = older.collect_schema().names()
numbers = [name for name in names if name not in (KEY, LABEL, *FLAGS, *CATEGORIES)]
inputs = [*numbers, *FLAGS, *CATEGORIES]

# Check: vocabularies, labels that occur, empty keys, and keys that occur twice.
every = pl.concat([older, holdout])
known = {LABEL: ["no", "yes"], **{name: ["no", "yes"] for name in FLAGS}, **CATEGORIES}
unknown = [(~pl.col(name).is_in(values)).sum() for name, values in known.items()]
bad = collect(every.select(*unknown, pl.col(KEY).is_null().sum())).row(0)
twice = collect(every.group_by(KEY).len().filter(pl.col("len") > 1).select(pl.len())).item()
if any(bad) or twice:
    raise SystemExit(f"{bad} bad values, {twice} keys more than once")

# Split by a hash of the key; medians of the training rows.
validates = pl.col(KEY).hash(seed=7) % 100 < SHARE
train, validation = older.filter(~validates), older.filter(validates)
medians = collect(train.select(pl.col(numbers).median())).row(0, named=True)
encoded = [
    (pl.col(LABEL) == "yes").cast(pl.UInt8),
    *(pl.col(name).fill_null(medians[name]) for name in numbers),
    *((pl.col(name) == "yes").cast(pl.UInt8) for name in FLAGS),
    *(
        (pl.col(name) == value).cast(pl.UInt8).alias(f"{name}_{value}")
        for name, values in CATEGORIES.items()
        for value in values
    ),
]
pl.collect_all(
    [
        sink(train.select(encoded), output / "train" / "part-00000.csv"),
        sink(validation.select(encoded), output / "validation" / "part-00000.csv"),
        sink(validation.select(inputs), output / "validation_records" / "part-00000.csv"),
        sink(validation.select(encoded[0]), output / "validation_labels" / "part-00000.csv"),
        sink(holdout.select(inputs), output / "holdout" / "part-00000.csv"),
        sink(holdout.select(encoded[0]), output / "holdout_labels" / "part-00000.csv"),
    ],
    engine="streaming",
)

# Baseline: moments and 100 quantiles of every number, counts of every other column's values.
moments = [
    getattr(pl.col(name), kind)().alias(f"{name}:{kind}")
    for name in numbers
    for kind in ("mean", "std", "min", "max", "null_count")
]
levels = pl.int_range(1, 100) * pl.len() // 100
quantiles = [
    pl.col(name).sort().gather(levels).implode().alias(f"{name}:quantiles") for name in numbers
]
statistics = collect(older.select(*moments, *quantiles)).row(0, named=True)
counts = {name: collect(older.group_by(name).len()).rows() for name in (*FLAGS, *CATEGORIES)}
(output / "baseline.json").write_text(json.dumps([statistics, counts, medians]))
