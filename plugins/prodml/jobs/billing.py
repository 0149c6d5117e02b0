"""Compute what SageMaker bills for a job, from its description and a table of prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from prodml.vocabulary import HOURS_A_MONTH, TRAINING, Json, Kind


@dataclass(frozen=True)
class Rates:
    """Prices in USD: an hour by instance type, and a gigabyte and month of volumes."""

    hourly_usd: Mapping[str, float]
    storage_usd: float = 0.0

    def hourly(self, instance_type: str, volume_gb: float = 0) -> float | None:
        """Return the price of one instance with its volume an hour; None without a price."""
        price = self.hourly_usd.get(instance_type)
        return None if price is None else price + volume_gb * self.storage_usd / HOURS_A_MONTH


def started(kind: Kind, job: Json) -> datetime | None:
    """Return when the instances of a described job began to be billed; None before that."""
    begin: datetime | None = job.get(f"{kind.noun.removesuffix('Job')}StartTime")
    return begin


def billed_seconds(kind: Kind, job: Json, now: datetime | None = None) -> int:
    """Return the seconds for which each instance of a described job is billed.

    :param now: The end, so far, of a job that still runs; without it, such a job has none.
    """
    if kind is TRAINING and "BillableTimeInSeconds" in job:
        return int(job["BillableTimeInSeconds"])
    begin, end = started(kind, job), job.get(kind.ended) or now
    if not begin or not end or (kind is TRAINING and now is None):
        return 0
    return max(1, round((end - begin).total_seconds()))
