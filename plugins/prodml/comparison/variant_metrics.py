"""Read the CloudWatch metrics of the variants of one endpoint configuration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from prodml.aws.retries import with_retries
from prodml.comparison.confidence import Share, mean_of
from prodml.vocabulary import ENDPOINT_METRICS, Json, dimensions

BATCHES = 24  # periods of a test: few enough to be independent of each other
ERRORS, LATENCY = "errors", "latency"
OLDEST = timedelta(days=59)  # CloudWatch keeps periods of five minutes for 63 days
Sums = list[tuple[float, float]]  # sum and number of a metric's values, by period


@dataclass(frozen=True)
class Record:
    """The results of one variant: requests, failed requests, and the mean of a metric.

    *error* is the standard error of *mean*, from the spread of the periods' means; None for too few
    periods.
    """

    variant: str
    requests: int
    failed: int
    mean: float | None
    error: float | None = None
    periods: int = 0

    @property
    def failures(self) -> Share:
        return Share(self.failed, self.requests)

    @property
    def error_percent(self) -> float:
        return 100 * self.failed / self.requests if self.requests else 0.0

    def facts(self) -> Json:
        """Return the record as part of a task's result."""
        return vars(self) | {"error_percent": self.error_percent}

    @classmethod
    def of(
        cls,
        cloudwatch: Any,
        endpoint: str,
        config: str,
        variant: str,
        metric: str,
        since: datetime,
        now: datetime | None = None,
    ) -> Record:
        """Return the record of *variant* while the endpoint was on *config*.

        *metric* is ``errors``, in percent, ``latency``, in milliseconds, or ``Namespace:Name``.
        *now* is the present time, which a page rounds, as equal requests are cached.
        """
        span = since, now or datetime.now(UTC)
        place = {"EndpointName": endpoint, "VariantName": variant}
        fleet = place | {"EndpointConfigName": config}
        asked = _sums(cloudwatch, ENDPOINT_METRICS, "Invocations", fleet, *span)
        if not asked:  # AWS documents metrics by configuration for guarded updates alone
            fleet = place
            asked = _sums(cloudwatch, ENDPOINT_METRICS, "Invocations", fleet, *span)
        fell = _sums(cloudwatch, ENDPOINT_METRICS, "Invocation5XXErrors", fleet, *span)
        requests, failed = (round(sum(total for total, _ in sums)) for sums in (asked, fell))
        if metric == ERRORS:
            return cls(variant, requests, failed, 100 * failed / requests if requests else None)
        if metric == LATENCY:
            sums = _sums(cloudwatch, ENDPOINT_METRICS, "ModelLatency", fleet, *span, unit=1000.0)
        else:
            namespace, _, name = metric.rpartition(":")
            sums = _sums(cloudwatch, namespace, name, place, *span)
        return cls(variant, requests, failed, *_mean(sums), len(sums))


def _mean(sums: Sums) -> tuple[float | None, float | None]:
    """Return the mean and its standard error; None for each that cannot be computed."""
    if not sums:
        return None, None
    batched = mean_of(sums)
    mean = sum(total for total, _ in sums) / sum(number for _, number in sums)
    return mean, batched.error if batched else None


def _sums(
    cloudwatch: Any,
    namespace: str,
    name: str,
    place: Json,
    since: datetime,
    now: datetime,
    unit: float = 1.0,
) -> Sums:
    start = max(since, now - OLDEST)
    response = with_retries(
        cloudwatch.get_metric_statistics,
        Namespace=namespace,
        MetricName=name,
        Dimensions=dimensions(place),
        StartTime=start,
        EndTime=now + timedelta(hours=1),
        Period=_period((now - start).total_seconds()),
        Statistics=["Sum", "SampleCount"],
    )
    return [(p["Sum"] / unit, p["SampleCount"]) for p in response["Datapoints"] if p["SampleCount"]]


def _period(seconds: float) -> int:
    """Return a period in whole minutes; CloudWatch keeps older data in steps of five minutes."""
    grain = 60 if seconds / BATCHES < 300 else 300
    return max(1, ceil(seconds / BATCHES / grain)) * grain
