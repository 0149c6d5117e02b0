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
    run: str
    kind: str
    seconds: int
    usd_by_day: dict[str, float]
    unpriced: list[str]


def of_job(job: Job, rates: Rates, start: datetime, now: datetime) -> Spending:
    """Return the cost of *job* after *start*."""
    usd, seconds = job.usd(rates, now), job.seconds(now)
    begin = job.started or job.created
    end = now if job.running else job.ended or begin
    shares = list(_days(begin, max(end, begin + timedelta(seconds=1))))
    total = sum(part.total_seconds() for _, part in shares)
    by_day = {
        f"{day:%F}": (usd or 0.0) * part.total_seconds() / total
        for day, part in shares
        if day + DAY > start
    }
    return Spending(
        pipeline=job.pipeline or (job.owner.dag if job.owner else job.name),
        dag=job.owner.dag if job.owner else "",
        run=job.owner.run if job.owner else "",
        kind=job.kind.noun,
        seconds=seconds * job.instances,
        usd_by_day=by_day,
        unpriced=[job.instance_type or "unknown"] if usd is None and seconds else [],
    )


def of_endpoint(endpoint: Serving, start: datetime, now: datetime) -> Spending:
    """Return the cost of *endpoint* after *start*, as if it always had its present instances."""
    begin = max(start, endpoint.created)
    hourly = endpoint.hourly or 0.0
    days = list(_days(begin, now)) if begin < now else []
    return Spending(
        pipeline=endpoint.pipeline,
        dag=endpoint.owner.dag,
        run=endpoint.owner.run,
        kind=ENDPOINT.noun,
        seconds=round(sum(part.total_seconds() for _, part in days)) * endpoint.instances,
        usd_by_day={f"{day:%F}": hourly * part.total_seconds() / 3600 for day, part in days},
        unpriced=endpoint.instance_types if endpoint.hourly is None else [],
    )


def _days(begin: datetime, end: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Yield each day in UTC between two moments, and the part of it that lies between them."""
    moment, end = begin.astimezone(UTC), end.astimezone(UTC)
    while moment < end:
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        until = min(day + DAY, end)
        yield day, until - moment
        moment = until
