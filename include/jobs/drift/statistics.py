"""Model Monitor's statistics.json: a data set's columns as a file that merges with others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from .columns import FRACTIONAL, INTEGRAL, STRING, UNKNOWN, Column
from .documents import Json
from .errors import UnreadableData, quoted
from .kll import C, K, Kll
from .summaries import Numbers, Texts
from .tables import Batch

BUCKETS = 10
STATISTICS, CONSTRAINTS = "statistics.json", "constraints.json"
PREDICTIONS = "predictions.json"  # the statistics of the model's answers


@dataclass
class Profile:
    """The columns of a data set, in their order; of those in *personal*, no value is kept."""

    columns: dict[str, Column] = field(default_factory=dict)
    rows: int = 0
    sources: set[str] = field(default_factory=set)
    personal: frozenset[str] = frozenset()

    def add(self, batch: Batch, texts: Iterable[str] = ()) -> None:
        """A batch's rows; the columns named in *texts* are text whatever their cells look like."""
        present = set(batch.rows.schema.names)
        for name in batch.rows.schema.names:
            self._add(self._column(name, name in texts), batch)
        for name in self.columns.keys() - present:
            self.columns[name].missing += batch.rows.num_rows
        self.rows += batch.rows.num_rows
        self.sources.add(batch.source)

    def add_empty(self, count: int) -> None:
        """Count rows in which every column is missing."""
        self.rows += count
        for column in self.columns.values():
            column.missing += count

    def extend(self, batches: Iterable[Batch], texts: Iterable[str] = ()) -> None:
        """All rows of the batches; they are read once and not kept."""
        for batch in batches:
            self.add(batch, texts)

    def _add(self, column: Column, batch: Batch) -> None:
        cells = batch.rows.column(column.name)
        try:
            column.add(cells)
        except pa.ArrowException as error:
            raise UnreadableData(
                f"{batch.source}: column {column.name!r} of type {cells.type} cannot be read "
                f"({quoted(error)}). Write it as numbers or as text."
            ) from None

    def _column(self, name: str, as_text: bool) -> Column:
        if name not in self.columns:
            hidden = name in self.personal
            self.columns[name] = Column(name, as_text, missing=self.rows, personal=hidden)
        return self.columns[name]

    def merge(self, other: Profile) -> None:
        for name, column in other.columns.items():
            mine = self._column(name, column.kind == STRING)
            mine.merge(column)
        for name in self.columns.keys() - other.columns.keys():
            self.columns[name].missing += other.rows
        self.rows += other.rows

    def settled(self) -> Profile:
        for column in self.columns.values():
            column.settled()
        return self

    @property
    def texts(self) -> list[str]:
        return [name for name, column in self.columns.items() if column.kind == STRING]


def to_json(profile: Profile) -> Json:
    features = [_feature(column) for column in profile.settled().columns.values()]
    return {"version": 0.0, "dataset": {"item_count": profile.rows}, "features": features}


def _feature(column: Column) -> Json:
    common = {"num_present": column.present, "num_missing": column.missing}
    entry: Json = {"name": column.name, "inferred_type": column.kind}
    if column.personal:
        entry["personal"] = True
    if column.kind == STRING:
        buckets = [{"value": v, "count": n} for v, n in column.texts.counts.most_common()]
        entry["string_statistics"] = {
            "common": common,
            "distinct_count": float(len(buckets)),
            "distribution": {"categorical": {"buckets": buckets}},
        }
    elif column.kind != UNKNOWN:
        entry["numerical_statistics"] = {"common": common, **_moments(column.numbers)}
    else:
        entry["string_statistics"] = {"common": common, "distinct_count": 0.0}
    return entry


def _moments(numbers: Numbers) -> Json:
    sketch = {"parameters": {"c": C, "k": float(K)}, "data": numbers.sketch.levels}
    return {
        "mean": numbers.mean,
        "sum": numbers.mean * numbers.rows,
        "std_dev": numbers.std,
        "min": numbers.low,
        "max": numbers.high,
        "distribution": {"kll": {"buckets": _buckets(numbers), "sketch": sketch}},
    }


def _buckets(numbers: Numbers) -> list[Json]:
    """Ten of equal width; the last one is closed, as deequ's is."""
    edges = np.linspace(numbers.low, numbers.high, BUCKETS + 1)
    below = numbers.sketch.cdf(edges, inclusive=False) * numbers.rows
    below[-1] = numbers.rows
    counts = np.round(np.diff(below, prepend=below[0])[1:])
    return [
        {"lower_bound": float(low), "upper_bound": float(high), "count": float(count)}
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]


def from_json(document: Json) -> Profile:
    """Read back what `to_json`, or Model Monitor, wrote."""
    columns = [_column(feature) for feature in document["features"]]
    rows = int(document["dataset"]["item_count"])
    personal = frozenset(column.name for column in columns if column.personal)
    return Profile({column.name: column for column in columns}, rows, personal=personal)


def _column(feature: Json) -> Column:
    name = feature["name"]
    if feature.get("personal"):
        missing = int(feature["string_statistics"]["common"]["num_missing"])
        return Column(name, missing=missing, personal=True)
    if text := feature.get("string_statistics"):
        missing = int(text["common"]["num_missing"])
        return Column(name, feature["inferred_type"] == STRING, missing, texts=_texts(text))
    summary = feature.get("numerical_statistics")
    if not summary:
        return Column(name)
    common = summary["common"]
    numbers = _numbers(summary, int(common["num_present"]), feature["inferred_type"])
    return Column(name, False, int(common["num_missing"]), numbers)


def _texts(entry: Json) -> Texts:
    buckets = entry.get("distribution", {}).get("categorical", {}).get("buckets", [])
    counts = Counter({bucket["value"]: int(bucket["count"]) for bucket in buckets})
    return Texts(counts, int(entry["common"]["num_present"]) - counts.total())


def _numbers(entry: Json, present: int, kind: str) -> Numbers:
    if kind not in (INTEGRAL, FRACTIONAL):
        raise ValueError(f"inferred_type {kind!r} has no numbers")
    levels = entry["distribution"]["kll"]["sketch"]["data"]
    return Numbers(
        rows=present,
        mean=entry["mean"],
        squares=entry["std_dev"] ** 2 * present,
        low=entry["min"],
        high=entry["max"],
        whole=present if kind == INTEGRAL else 0,
        sketch=Kll(levels),
    )


def read_profile(path: Path) -> Profile:
    """One statistics.json; raises UnreadableData naming it."""
    try:
        return from_json(json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableData(
            f"{path} is no baseline ({error!r}). Write one with `drift baseline DATA --output DIR`."
        ) from None


def write_json(path: Path, document: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n")
