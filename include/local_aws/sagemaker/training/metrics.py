"""Metric definitions: regular expressions over log lines become numbers."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from ...cloudwatch.metrics import Metrics
from ..experiments.metric_series import put_metrics

if TYPE_CHECKING:
    from ...core.account import Aws

Doc = dict[str, Any]
NAMESPACE = "/aws/sagemaker/TrainingJobs"
NUMBER = re.compile(r"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)", re.IGNORECASE)


class Scraper:
    """Reads a training job's lines; remembers the last value of every metric.

    Each value is in CloudWatch and in the series of the job's trial *component* as soon as its
    line is read.
    """

    def __init__(
        self, aws: Aws, job: str, definitions: list[dict[str, str]], component: str
    ) -> None:
        self._aws = aws
        self._dimensions = {"TrainingJobName": job}
        self._patterns = [(d["Name"], re.compile(d["Regex"])) for d in definitions]
        self._component = component
        self._newest: dict[str, Doc] = {}

    def read(self, line: str, now: float) -> None:
        points: list[Doc] = [
            {"MetricName": name, "Value": value, "Timestamp": now}
            for name, pattern in self._patterns
            for found in pattern.finditer(line)
            if (value := _number(found)) is not None
        ]
        for point in points:
            self._newest[point["MetricName"]] = point
            if math.isfinite(point["Value"]):
                self._aws.part(Metrics).put(
                    NAMESPACE, point["MetricName"], self._dimensions, point["Value"], at=now
                )
        if points:
            put_metrics(self._aws, self._component, points)

    def final(self) -> list[Doc]:
        """FinalMetricDataList: the newest value of each metric."""
        return list(self._newest.values())


def curve(aws: Aws, job: Doc, metric: str) -> list[float]:
    """All values of *metric* that a training job has printed so far, oldest first."""
    return aws.part(Metrics).values(NAMESPACE, metric, {"TrainingJobName": job["TrainingJobName"]})


def _number(found: re.Match[str]) -> float | None:
    """What the group begins with: AWS's own group runs on into the next metric of the line."""
    number = NUMBER.match(found.group(1) if found.re.groups else found.group(0))
    return float(number.group(0)) if number else None
