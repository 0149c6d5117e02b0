"""Metric definitions: regular expressions that extract numbers from log lines."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import regex

from ...cloudwatch.metrics import Metrics
from ...core.store import Doc
from ...wire.errors import validation
from ..experiments.metric_series import put_metrics

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
Warn = Callable[[str], None]
Watch = Callable[[str, float], None]  # takes each value of a metric
NAMESPACE = "/aws/sagemaker/TrainingJobs"
NUMBER = regex.compile(r"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)", regex.IGNORECASE)
LINE_LIMIT = 0.25  # CPU seconds of one pattern on one line; a usual one takes microseconds
LIMIT, MORE_A_LINE = 5.0, 0.001  # CPU seconds of one pattern over all lines of a job


def check_definitions(definitions: list[dict[str, str]]) -> None:
    """Refuse patterns that are not regular expressions; raise ValidationException."""
    for definition in definitions:
        try:
            regex.compile(definition["Regex"])
        except regex.error as error:
            raise validation(
                f"The Regex {definition['Regex']!r} of metric definition {definition['Name']} is "
                f"not a valid regular expression: {error}."
            ) from None


class TooSlow(Exception):
    """Raised when a pattern has used its time: the job continues without its metric."""


class Pattern:
    """A metric's regular expression, with a time limit, as some backtrack without end."""

    def __init__(self, definition: dict[str, str]) -> None:
        self.metric = definition["Name"]
        self._pattern = regex.compile(definition["Regex"])
        self._left = LIMIT

    def values(self, line: str) -> list[float]:
        """Return the numbers in *line*; raise TooSlow."""
        began = time.thread_time()
        try:
            numbers = [_number(match) for match in self._pattern.finditer(line, timeout=LINE_LIMIT)]
        except TimeoutError:
            raise TooSlow from None
        self._left += MORE_A_LINE - (time.thread_time() - began)
        if self._left < 0:
            raise TooSlow
        return [value for value in numbers if value is not None]


class Scraper:
    """Reads a training job's lines, and keeps the last value of every metric.

    Lines are matched in a separate thread, without the interpreter lock: no pattern blocks the
    server. Each value is in CloudWatch and in the series of the job's trial
    *component* as soon as its line is read; *watch* takes it too. Values that are not finite are
    skipped, with one call of *warn*.
    """

    def __init__(
        self,
        aws: Aws,
        job: str,
        definitions: list[dict[str, str]],
        component: str,
        warn: Warn,
        watch: Watch | None = None,
    ) -> None:
        self._aws = aws
        self._dimensions = {"TrainingJobName": job}
        self._patterns = [Pattern(definition) for definition in definitions]
        self._component = component
        self._warn = warn
        self._watch = watch
        self._warned: set[str] = set()
        self._newest: dict[str, Doc] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="metrics")

    def read(self, line: str, now: float) -> None:
        """Match *line* soon, after the lines before it."""
        if self._patterns:
            self._worker.submit(self._read, line, now)

    def _read(self, line: str, now: float) -> None:
        try:
            points = [
                {"MetricName": pattern.metric, "Value": value, "Timestamp": now}
                for pattern in list(self._patterns)
                for value in self._finite(pattern, line)
            ]
            self._record(points, now)
        except Exception:
            log.exception("Recording the metrics of %s failed", self._dimensions)

    def _finite(self, pattern: Pattern, line: str) -> list[float]:
        try:
            numbers = pattern.values(line)
        except TooSlow:
            self._patterns.remove(pattern)
            self._warn(
                f"The Regex of metric {pattern.metric} takes too long; the metric is skipped."
            )
            return []
        finite = [value for value in numbers if math.isfinite(value)]
        if len(finite) < len(numbers) and pattern.metric not in self._warned:
            self._warned.add(pattern.metric)
            self._warn(f"A value of metric {pattern.metric} is not finite; it is skipped.")
        return finite

    def _record(self, points: list[Doc], now: float) -> None:
        for point in points:
            if self._watch:
                self._watch(point["MetricName"], point["Value"])
            self._newest[point["MetricName"]] = point
            self._aws.part(Metrics).put(
                NAMESPACE, point["MetricName"], self._dimensions, point["Value"], at=now
            )
        if points:
            put_metrics(self._aws, self._component, points)

    def final(self) -> list[Doc]:
        """Wait for the last line; return FinalMetricDataList: the newest value of each metric."""
        self._worker.shutdown()
        return list(self._newest.values())


def curve(aws: Aws, job: Doc, metric: str) -> list[float]:
    """Return all values of *metric* of a training job so far, oldest first."""
    return aws.part(Metrics).values(NAMESPACE, metric, {"TrainingJobName": job["TrainingJobName"]})


def _number(match: regex.Match[str]) -> float | None:
    """Return the number at the start of the group: AWS's patterns match beyond it."""
    text = match.group(1) if match.re.groups else match.group(0)
    number = NUMBER.match(text or "")
    return float(number.group(0)) if number else None
