"""Divide the cost of a job or an endpoint among the days on which it ran."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from prodml.jobs.billing import Rates
from prodml.studio.costs.endpoints import Serving
from prodml.studio.jobs.job import Job
from prodml.vocabulary import ENDPOINT

DAY = timedelta(days=1)


class Spending(NamedTuple):
    """The cost in USD of a job or an endpoint by day; *unpriced* has types without a price."""

    pipeline: str
    dag: str
    kind: str
    seconds: int
    usd_by_day: dict[str, float]
    unpriced: list[str]


def of_job(job: Job, rates: Rates, start: datetime, now: datetime) -> Spending:
    """Return the cost of *job* after *start*."""
    usd, seconds = job.usd(rates, now), job.seconds(now)
    begin = job.started or job.created
    end = now if job.running else job.ended or begin
    return Spending(
        pipeline=job.pipeline or (job.owner.dag if job.owner else job.name),
        dag=job.owner.dag if job.owner else "",
        kind=job.kind.noun,
        seconds=seconds * job.instances,
        usd_by_day=_shares(usd or 0.0, begin, end, start),
        unpriced=[job.instance_type or "unknown"] if usd is None and seconds else [],
    )


def _shares(usd: float, begin: datetime, end: datetime, start: datetime) -> dict[str, float]:
    """Return *usd* by day from *begin* to *end*, without days before *start*."""
    total = max(end - begin, timedelta(microseconds=1))  # one that never ran counts on its day
    return {
        day.date().isoformat(): usd * (part / total)
        for day, part in _days(begin, begin + total)
        if day + DAY > start
    }


def of_endpoint(endpoint: Serving, start: datetime, now: datetime) -> Spending:
    """Return the cost of *endpoint* after *start*, as if it always had its present instances."""
    begin = max(start, endpoint.created)
    hourly = endpoint.hourly or 0.0
    parts = [(day.date(), part) for day, part in _days(begin, now)]
    return Spending(
        pipeline=endpoint.pipeline,
        dag=endpoint.owner.dag,
        kind=ENDPOINT.noun,
        seconds=round(sum(part.total_seconds() for _, part in parts)) * endpoint.instances,
        usd_by_day={day.isoformat(): hourly * part.total_seconds() / 3600 for day, part in parts},
        unpriced=_unpriced(endpoint),
    )


def _unpriced(endpoint: Serving) -> list[str]:
    if endpoint.hourly is not None or not endpoint.is_read:
        return []
    return endpoint.instance_types or ["serverless endpoints"]


def _days(begin: datetime, end: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Yield each day in UTC between two moments, and the part of it that lies between them."""
    moment, end = begin.astimezone(UTC), end.astimezone(UTC)
    while moment < end:
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        until = min(day + DAY, end)
        yield day, until - moment
        moment = until
