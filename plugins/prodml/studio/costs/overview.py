"""Collect the costs of jobs and endpoints for the Costs page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from prodml.jobs.billing import Rates
from prodml.studio.costs.endpoints import Serving, serving
from prodml.studio.costs.spending import Spending, of_endpoint, of_job
from prodml.studio.jobs.history import history_of
from prodml.studio.jobs.job import BILLED, Job
from prodml.studio.moments import iso
from prodml.studio.reader import Reader
from prodml.vocabulary import ENDPOINT

RUNS = 50  # the newest ones


class CostRow(TypedDict):
    """The cost of a day by pipeline, DAG and kind."""

    day: str
    pipeline: str
    dag: str
    kind: str
    usd: float


class Billing(TypedDict):
    """A job or an endpoint that is billed now; *usd* is its cost since it began."""

    kind: str
    name: str
    pipeline: str
    dag: str
    run: str
    since: str | None
    instances: int
    instance_types: list[str]
    usd_per_hour: float | None
    usd: float | None


class RunCost(TypedDict):
    """The cost of a run's jobs; *usd_at_most* is that of their time limits."""

    dag: str
    run: str
    pipeline: str
    created: str | None
    jobs: int
    running: int
    usd: float
    usd_at_most: float | None


class Costs(TypedDict):
    """Costs since *start*, as far as the jobs are read: since *since*.

    *unread* endpoints have no price yet.
    """

    read_at: str
    start: str
    since: str
    prices_as_of: str
    unpriced: list[str]
    unread: int
    rows: list[CostRow]
    billing: list[Billing]
    runs: list[RunCost]


def costs(
    reader: Reader, days: int, rates: Rates, as_of: str, now: datetime | None = None
) -> Costs:
    """Return the costs of the last *days*, today included, and of this month.

    :param as_of: The date of the prices.
    """
    end = now or datetime.now(UTC)
    midnight = end.replace(hour=0, minute=0, second=0, microsecond=0)
    start = min(midnight.replace(day=1), midnight - timedelta(days=days - 1))
    history = history_of(reader)
    known, endpoints = history.since(start), serving(reader, history.place, rates)
    spent = [of_job(job, rates, start, end) for job in known.jobs]
    spent += [of_endpoint(endpoint, start, end) for endpoint in endpoints]
    running = [job for job in known.jobs if job.running and job.kind in BILLED]
    return {
        "read_at": end.isoformat(timespec="seconds"),
        "start": start.isoformat(),
        "since": iso(known.since) or "",
        "prices_as_of": as_of,
        "unpriced": sorted({kind for spending in spent for kind in spending.unpriced}),
        "unread": sum(not endpoint.is_read for endpoint in endpoints),
        "rows": _rows(spent),
        "billing": [
            *(_endpoint(endpoint, end) for endpoint in endpoints),
            *(_job(job, rates, end) for job in running),
        ],
        "runs": _runs(known.jobs, rates, end),
    }


def _rows(spent: Iterable[Spending]) -> list[CostRow]:
    usd_of: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for spending in spent:
        for day, usd in spending.usd_by_day.items():
            usd_of[day, spending.pipeline, spending.dag, spending.kind] += usd
    return [
        {"day": day, "pipeline": pipeline, "dag": dag, "kind": kind, "usd": usd}
        for (day, pipeline, dag, kind), usd in sorted(usd_of.items())
        if usd
    ]


def _endpoint(endpoint: Serving, now: datetime) -> Billing:
    hours = (now - endpoint.created).total_seconds() / 3600
    hourly = endpoint.hourly
    return {
        "kind": ENDPOINT.noun,
        "name": endpoint.name,
        "pipeline": endpoint.pipeline,
        "dag": endpoint.owner.dag,
        "run": endpoint.owner.run,
        "since": iso(endpoint.created),
        "instances": endpoint.instances,
        "instance_types": endpoint.instance_types,
        "usd_per_hour": hourly,
        "usd": None if hourly is None else hourly * hours,
    }


def _job(job: Job, rates: Rates, now: datetime) -> Billing:
    hourly = rates.hourly(job.instance_type, job.volume_gb)
    return {
        "kind": job.kind.noun,
        "name": job.name,
        "pipeline": job.pipeline,
        "dag": job.owner.dag if job.owner else "",
        "run": job.owner.run if job.owner else "",
        "since": iso(job.started),
        "instances": job.instances,
        "instance_types": [job.instance_type],
        "usd_per_hour": None if hourly is None else hourly * job.instances,
        "usd": job.usd(rates, now),
    }


def _runs(jobs: Iterable[Job], rates: Rates, now: datetime) -> list[RunCost]:
    """Return the newest runs that started jobs; *jobs* are sorted by time."""
    by_run: dict[tuple[str, str], list[Job]] = defaultdict(list)
    for job in jobs:
        if job.owner:
            by_run[job.owner.dag, job.owner.run].append(job)
    newest = list(by_run.items())[:RUNS]
    return [_run(dag, run, members, rates, now) for (dag, run), members in newest]


def _run(dag: str, run: str, jobs: list[Job], rates: Rates, now: datetime) -> RunCost:
    limits = [job.usd_at_most(rates) for job in jobs if job.kind in BILLED]
    stated = [limit for limit in limits if limit is not None]
    return {
        "dag": dag,
        "run": run,
        "pipeline": next((job.pipeline for job in jobs if job.pipeline), dag),
        "created": iso(min(job.created for job in jobs)),
        "jobs": len(jobs),
        "running": sum(job.running for job in jobs),
        "usd": sum(job.usd(rates, now) or 0.0 for job in jobs),
        "usd_at_most": sum(stated) if len(stated) == len(limits) and stated else None,
    }
