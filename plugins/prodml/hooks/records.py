"""What CloudWatch has noted of the variants of one endpoint configuration."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.hooks.calls import patiently
from prodml.vocabulary import ENDPOINT_METRICS, Direction, Json, dimensions

HOUR = 3600  # CloudWatch gives at most 1,440 periods: 60 days of hours


@dataclass(frozen=True)
class Record:
    """How one variant has done: requests, percent of them that failed, and the mean of a metric."""

    variant: str
    requests: int
    error_percent: float
    mean: float | None

    @classmethod
    def of(
        cls,
        cloudwatch: Any,
        endpoint: str,
        config: str,
        variant: str,
        metric: str,
        since: datetime,
    ) -> Record:
        """The record of *variant* while the endpoint was on *config*.

        *metric* is ``errors``, in percent, ``latency``, in milliseconds, or ``Namespace:Name``.
        """
        place = {"EndpointName": endpoint, "VariantName": variant}
        fleet = place | {"EndpointConfigName": config}
        requests, _ = _totals(cloudwatch, ENDPOINT_METRICS, "Invocations", fleet, since)
        failed, _ = _totals(cloudwatch, ENDPOINT_METRICS, "Invocation5XXErrors", fleet, since)
        percent = 100 * failed / requests if requests else 0.0
        if metric == "errors":
            mean = percent if requests else None
        elif metric == "latency":
            mean = _mean(cloudwatch, ENDPOINT_METRICS, "ModelLatency", fleet, since, unit=1000.0)
        else:
            namespace, _, name = metric.rpartition(":")
            mean = _mean(cloudwatch, namespace, name, place, since)
        return cls(variant, int(requests), percent, mean)


def decide(
    metric: str, direction: Direction, min_gain: float, incumbent: Record, challenger: Record
) -> tuple[bool, str]:
    """Whether the challenger wins, and why."""
    if challenger.mean is None or incumbent.mean is None:
        lacking = challenger if challenger.mean is None else incumbent
        return False, f"The incumbent stays: nobody has published {metric} of {lacking.variant}."
    gain = challenger.mean - incumbent.mean
    gain = (gain if direction is Direction.MAXIMIZE else -gain) + 0.0  # never "-0"
    wins = gain >= min_gain
    who = "The challenger wins" if wins else "The incumbent stays"
    return wins, (
        f"{who}: {metric} {challenger.mean:.4g} against {incumbent.mean:.4g}, better by "
        f"{gain:.4g}; {min_gain:.4g} is asked for."
    )


def _mean(
    cloudwatch: Any, namespace: str, name: str, place: Json, since: datetime, unit: float = 1.0
) -> float | None:
    total, count = _totals(cloudwatch, namespace, name, place, since)
    return total / count / unit if count else None


def _totals(
    cloudwatch: Any, namespace: str, name: str, place: Json, since: datetime
) -> tuple[float, float]:
    """Sum and number of a metric's values."""
    now = datetime.now(UTC)
    found = patiently(
        cloudwatch.get_metric_statistics,
        Namespace=namespace,
        MetricName=name,
        Dimensions=dimensions(place),
        StartTime=max(since, now - timedelta(days=59)),
        EndTime=now + timedelta(seconds=HOUR),
        Period=HOUR,
        Statistics=["Sum", "SampleCount"],
    )
    points = found["Datapoints"]
    return sum(p["Sum"] for p in points), sum(p["SampleCount"] for p in points)
