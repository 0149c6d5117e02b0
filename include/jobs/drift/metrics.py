"""Publish CloudWatch metrics under Model Monitor's names."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .columns import Column
from .constraints import Constraints
from .documents import Json
from .quality import SECTIONS
from .statistics import Profile
from .violations import measured

FILE = "cloudwatch_metrics.jsonl"
DATA = "aws/sagemaker/Endpoints/data-metrics"
MODEL = "aws/sagemaker/Endpoints/model-metrics"
MOST = 500  # metrics of one PutMetricData; CloudWatch takes 1,000


@dataclass(frozen=True)
class Place:
    """The destination and dimensions of a monitoring job's metrics."""

    folder: Path
    time: str
    endpoint: str
    schedule: str

    def completed(self, metric: Json) -> Json:
        named = {"Endpoint": self.endpoint, "MonitoringSchedule": self.schedule}
        dimensions = [{"Name": name, "Value": value} for name, value in named.items() if value]
        return metric | {"Timestamp": self.time, "Dimensions": dimensions}


def data_quality(was: Profile, constraints: Constraints, now: Profile) -> Iterator[Json]:
    """Yield feature_data_, feature_non_null_ and feature_baseline_drift_ of every column."""
    for name, column in now.columns.items():
        if column.numeric:
            yield {"MetricName": f"feature_data_{name}", **_spread(column)}
        yield {"MetricName": f"feature_non_null_{name}", "Value": float(column.present)}
        expected = constraints.columns.get(name)
        if expected and name in was.columns:
            gap, _ = measured(was.columns[name], column, expected)
            yield {"MetricName": f"feature_baseline_drift_{name}", "Value": gap}


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


def model_quality(document: Json, problem: str) -> Iterator[Json]:
    """Yield every metric of a model quality's statistics.json, by its own name."""
    for name, metric in document[f"{SECTIONS[problem]}_metrics"].items():
        if isinstance(metric.get("value"), float) and math.isfinite(metric["value"]):
            yield {"MetricName": name, "Value": metric["value"]}


def publish(lines: Iterable[Json], place: Place | None, namespace: str) -> None:
    """
    Write the metrics where SageMaker collects those of a schedule's jobs.

    A job without a schedule puts them itself: of such a job SageMaker does not collect them.
    """
    if place is None:
        return
    completed = [place.completed(line) for line in lines]
    place.folder.mkdir(parents=True, exist_ok=True)
    (place.folder / FILE).write_text("".join(f"{json.dumps(line)}\n" for line in completed))
    if not place.schedule:
        _put(completed, namespace)


def _put(metrics: list[Json], namespace: str) -> None:
    """Put the metrics; log a failure, which must not fail the check."""
    try:
        import boto3

        cloudwatch = boto3.client("cloudwatch")
        rest = iter(metrics)
        while data := list(islice(rest, MOST)):
            cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
    except Exception as error:  # noqa: BLE001  (no boto3, no network, no permission: all the same)
        print(f"The metrics were not put into {namespace}: {error!r}")
