"""What is remembered of a column: enough to compare it later without its rows."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

K = 2048  # items kept per column; the rank error is at most 1/K
C = 0.64  # KLL's shrinking factor, written into the file for readers that expect it
BUCKETS = 10


@dataclass(frozen=True)
class Sketch:
    """A numeric column: sorted *items*, each standing for *weights* rows."""

    name: str
    missing: int
    items: np.ndarray
    weights: np.ndarray
    moments: dict[str, float]
    integral: bool

    @property
    def present(self) -> int:
        return int(self.weights.sum())

    def cdf(self, points: np.ndarray) -> np.ndarray:
        """Share of the rows that are at most each point."""
        totals = np.concatenate([[0], np.cumsum(self.weights)])
        return np.asarray(totals[np.searchsorted(self.items, points, side="right")] / totals[-1])


@dataclass(frozen=True)
class Categories:
    """A text column: how often each value occurs."""

    name: str
    missing: int
    counts: Counter[str]

    @property
    def present(self) -> int:
        return self.counts.total()


Column = Sketch | Categories


def summarize(name: str, cells: Sequence[str]) -> Column:
    """A sketch of a column of text cells: numeric when every filled cell is a number."""
    filled = [cell for cell in cells if cell.strip()]
    missing = len(cells) - len(filled)
    try:
        values = np.array([float(cell) for cell in filled])
    except ValueError:
        return Categories(name, missing, Counter(cell.strip() for cell in filled))
    finite = np.sort(values[np.isfinite(values)])
    return sketch_of(name, finite, len(cells) - len(finite))


def sketch_of(name: str, values: np.ndarray, missing: int) -> Sketch:
    """*values* sorted; beyond K of them every 2^level-th stands for its neighbours."""
    level = max(0, math.ceil(math.log2(max(len(values), 1) / K)))
    stride = 1 << level
    whole = len(values) // stride * stride
    middle = values[:whole].reshape(-1, stride)[:, stride // 2]
    items = np.concatenate([middle, values[whole:]])
    weights = np.concatenate([np.full(len(middle), stride), np.ones(len(values) - whole)])
    order = np.argsort(items, kind="stable")
    integral = bool(len(values)) and bool(np.all(values == np.round(values)))
    return Sketch(name, missing, items[order], weights[order], _moments(values), integral)


def _moments(values: np.ndarray) -> dict[str, float]:
    if not len(values):
        return dict.fromkeys(("mean", "sum", "std_dev", "min", "max"), 0.0)
    return {
        "mean": float(values.mean()),
        "sum": float(values.sum()),
        "std_dev": float(values.std()),
        "min": float(values[0]),
        "max": float(values[-1]),
    }


def to_json(column: Column) -> dict[str, Any]:
    """The column as a feature of Model Monitor's statistics.json."""
    common = {"num_present": column.present, "num_missing": column.missing}
    if isinstance(column, Categories):
        buckets = [{"value": v, "count": n} for v, n in column.counts.most_common()]
        return {
            "name": column.name,
            "inferred_type": "String",
            "string_statistics": {
                "common": common,
                "distinct_count": float(len(column.counts)),
                "distribution": {"categorical": {"buckets": buckets}},
            },
        }
    return {
        "name": column.name,
        "inferred_type": "Integral" if column.integral else "Fractional",
        "numerical_statistics": {"common": common}
        | column.moments
        | {"distribution": {"kll": _kll(column)}},
    }


def _kll(sketch: Sketch) -> dict[str, Any]:
    """Ten equal buckets for people, and the items by level (each weighs 2^level) for machines."""
    levels: list[list[float]] = []
    for weight in range(int(math.log2(sketch.weights.max())) + 1 if sketch.present else 0):
        levels.append(sketch.items[sketch.weights == 1 << weight].tolist())
    parameters = {"c": C, "k": float(K)}
    return {"buckets": _buckets(sketch), "sketch": {"parameters": parameters, "data": levels}}


def _buckets(sketch: Sketch) -> list[dict[str, float]]:
    low, high = sketch.moments["min"], sketch.moments["max"]
    edges = np.linspace(low, high, BUCKETS + 1)
    shares, _ = np.histogram(
        sketch.items, bins=edges if high > low else BUCKETS, weights=sketch.weights
    )
    return [
        {"lower_bound": float(a), "upper_bound": float(b), "count": float(n)}
        for a, b, n in zip(edges, edges[1:], shares, strict=False)
    ]


def from_json(feature: dict[str, Any]) -> Column:
    """Read back what `to_json`, or Model Monitor, wrote."""
    name = feature["name"]
    if "string_statistics" in feature:
        found = feature["string_statistics"]
        buckets = found["distribution"]["categorical"]["buckets"]
        counts = Counter({b["value"]: int(b["count"]) for b in buckets})
        return Categories(name, int(found["common"]["num_missing"]), counts)
    found = feature["numerical_statistics"]
    levels = found["distribution"]["kll"]["sketch"]["data"]
    items = np.concatenate([np.array(level) for level in levels] or [np.array([])])
    weights = np.concatenate([np.full(len(v), 1 << n) for n, v in enumerate(levels)] or [items])
    order = np.argsort(items, kind="stable")
    moments = {key: found[key] for key in ("mean", "sum", "std_dev", "min", "max")}
    missing = int(found["common"]["num_missing"])
    integral = feature["inferred_type"] == "Integral"
    return Sketch(name, missing, items[order], weights[order], moments, integral)
