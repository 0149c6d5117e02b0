"""A baseline: what the columns of the training data look like, and what may be expected of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .sketch import Categories, Column, Sketch, from_json, summarize, to_json
from .tables import Cells, UnreadableData, read_csv

WARN = 0.05  # an eighth of a standard deviation
ALERT = 0.10  # a quarter of a standard deviation
FEW = 100  # distinct values up to which a text column's domain is written down


@dataclass(frozen=True)
class Baseline:
    """The columns in their order, and how many rows they come from."""

    rows: int
    columns: dict[str, Column]


def summarize_table(header: Sequence[str], rows: list[Cells]) -> dict[str, Column]:
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    return {name: summarize(name, column) for name, column in zip(header, cells, strict=True)}


def write_baseline(data: Path, output: Path) -> Baseline:
    """statistics.json and constraints.json of a CSV file with a header."""
    header, rows = read_csv(data)
    baseline = Baseline(len(rows), summarize_table(header, rows))
    output.mkdir(parents=True, exist_ok=True)
    write_json(output / "statistics.json", statistics(baseline))
    write_json(output / "constraints.json", constraints(baseline))
    return baseline


def read_baseline(folder: Path) -> Baseline:
    path = folder / "statistics.json"
    try:
        found = json.loads(path.read_text())
        columns = [from_json(feature) for feature in found["features"]]
        return Baseline(int(found["dataset"]["item_count"]), {c.name: c for c in columns})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnreadableData(
            f"{path} is no baseline ({error!r}). Write one with `drift baseline DATA --output DIR`."
        ) from None


def statistics(baseline: Baseline) -> dict[str, Any]:
    features = [to_json(column) for column in baseline.columns.values()]
    return {"version": 0.0, "dataset": {"item_count": baseline.rows}, "features": features}


def constraints(baseline: Baseline) -> dict[str, Any]:
    comparison = {
        "perform_comparison": "Enabled",
        "comparison_threshold": WARN,
        "comparison_method": "Robust",
        "categorical_comparison_threshold": WARN,
        "categorical_drift_method": "LInfinity",
    }
    return {
        "version": 0.0,
        "features": [_constraint(column) for column in baseline.columns.values()],
        "monitoring_config": {
            "evaluate_constraints": "Enabled",
            "emit_metrics": "Enabled",
            "datatype_check_threshold": 1.0,
            "domain_content_threshold": 1.0,
            "distribution_constraints": comparison,
        },
    }


def _constraint(column: Column) -> dict[str, Any]:
    total = column.present + column.missing
    found: dict[str, Any] = {
        "name": column.name,
        "inferred_type": to_json(column)["inferred_type"],
        "completeness": column.present / total if total else 1.0,
    }
    if isinstance(column, Sketch):
        found["num_constraints"] = {"is_non_negative": column.moments["min"] >= 0}
    elif isinstance(column, Categories) and len(column.counts) <= FEW:
        found["string_constraints"] = {"domains": sorted(column.counts)}
    return found


def write_json(path: Path, document: Any) -> None:
    path.write_text(json.dumps(document, indent=1) + "\n")
