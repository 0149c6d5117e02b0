"""List the jobs of this deployment: those that run, and those that ended lately."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict

from prodml.jobs.billing import Rates
from prodml.links.job import address
from prodml.studio.jobs.history import history_of
from prodml.studio.jobs.job import Job
from prodml.studio.moments import iso
from prodml.studio.reader import Reader

MOST = 1000  # ended jobs of one page


class JobRow(TypedDict):
    """A job with its task, progress and cost; *seconds* are those of each instance so far."""

    kind: str
    name: str
    status: str
    progress: str
    message: str
    running: bool
    pipeline: str
    dag: str
    run: str
    task: str
    map_index: int
    created: str | None
    started: str | None
    ended: str | None
    seconds: int
    limit_seconds: int | None
    instance_type: str
    instances: int
    spot: bool
    usd: float | None
    usd_at_most: float | None
    page: str


class JobList(TypedDict):
    """Jobs by time, the newest first; those before *since* are not read yet."""

    start: str
    since: str
    jobs: list[JobRow]


def listing(
    reader: Reader,
    days: int,
    rates: Rates,
    owner: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> JobList:
    """Return the jobs that run or changed in the last *days*.

    :param owner: Members of the owner of the jobs to return, such as its DAG; all jobs without it.
    """
    end = now or datetime.now(UTC)
    # The beginning of a day, so that all pages that are open want the same.
    start = (end - timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
    known = history_of(reader).since(start)
    jobs = [job for job in known.jobs if _is_of(job, owner or {})]
    running = [job for job in jobs if job.running]
    others = [job for job in jobs if not job.running][:MOST]
    meta = reader.client("sagemaker").meta
    return {
        "start": start.isoformat(),
        "since": iso(known.since) or "",
        "jobs": [
            _row(job, rates, end, address(meta.endpoint_url, meta.region_name, job.kind, job.name))
            for job in (*running, *others)
        ],
    }


def _is_of(job: Job, owner: Mapping[str, Any]) -> bool:
    return all(getattr(job.owner, name, None) == value for name, value in owner.items())


def _row(job: Job, rates: Rates, now: datetime, page: str) -> JobRow:
    owner = job.owner
    return {
        "kind": job.kind.noun,
        "name": job.name,
        "status": job.status,
        "progress": job.progress,
        "message": job.message,
        "running": job.running,
        "pipeline": job.pipeline,
        "dag": owner.dag if owner else "",
        "run": owner.run if owner else "",
        "task": owner.task if owner else "",
        "map_index": owner.map_index if owner else -1,
        "created": iso(job.created),
        "started": iso(job.started),
        "ended": iso(job.ended),
        "seconds": job.seconds(now),
        "limit_seconds": job.limit,
        "instance_type": job.instance_type,
        "instances": job.instances,
        "spot": job.spot,
        "usd": job.usd(rates, now),
        "usd_at_most": job.usd_at_most(rates),
        "page": page,
    }
