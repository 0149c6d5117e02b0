"""CloudWatch metrics as Model Monitor names them, one JSON line each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .columns import Column
from .constraints import Constraints
from .statistics import Profile
from .violations import measured

Json = dict[str, Any]
FILE = "cloudwatch_metrics.jsonl"


def data_quality(
    was: Profile, constraints: Constraints, now: Profile, when: str, endpoint: str, schedule: str
) -> Iterator[Json]:
    """feature_data_, feature_non_null_ and feature_baseline_drift_ of every column."""
    dimensions = [
        {"Name": "Endpoint", "Value": endpoint},
        {"Name": "MonitoringSchedule", "Value": schedule},
    ]
    common: Json = {"Timestamp": when, "Dimensions": [d for d in dimensions if d["Value"]]}
    for name, column in now.columns.items():
        if column.numeric:
            yield {"MetricName": f"feature_data_{name}", **common, **_spread(column)}
        yield {"MetricName": f"feature_non_null_{name}", **common, "Value": float(column.present)}
        expected = constraints.columns.get(name)
        if expected and name in was.columns:
            gap, _ = measured(was.columns[name], column, expected)
            yield {"MetricName": f"feature_baseline_drift_{name}", **common, "Value": gap}


def _spread(column: Column) -> Json:
    numbers = column.numbers
    return {
        "StatisticValues": {
            "SampleCount": float(numbers.rows),
            "Sum": numbers.mean * numbers.rows,
            "Minimum": numbers.low,
            "Maximum": numbers.high,
        }
    }


def write(folder: Path, lines: Iterable[Json]) -> None:
    """Where SageMaker collects the metrics of a monitoring job."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text("".join(f"{json.dumps(line)}\n" for line in lines))
