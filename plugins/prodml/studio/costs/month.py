"""Add up what each pipeline has cost since the beginning of the month."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TypedDict

from prodml.studio.costs.endpoints import serving
from prodml.studio.costs.spending import Spending, of_endpoint, of_job
from prodml.studio.jobs.history import history_of
from prodml.studio.moments import iso
from prodml.studio.reader import Reader
from prodml.studio.settings import rates

# Of jobs that the Models page has read in a minute, next to its other calls: what is new takes one.
PAGES = 2


class MonthCost(TypedDict):
    """The cost of a pipeline's jobs and endpoints in USD."""

    usd: float
    jobs_usd: float
    endpoints_usd: float


class MonthToDate(TypedDict):
    """Costs by pipeline after *since*, which is *start* once all jobs of the month are read.

    *unpriced* has the instance types that PRODML_PRICES lacks, which count as nothing.
    """

    start: str
    since: str
    pipelines: dict[str, MonthCost]
    unpriced: list[str]


def month_to_date(reader: Reader, now: datetime | None = None) -> MonthToDate:
    """Return the costs of this month in UTC by pipeline, in a few calls a minute.

    A pipeline is named as the first folder of the bucket that its jobs write to.
    """
    end = now or datetime.now(UTC)
    start = end.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    history, priced = history_of(reader), rates()
    known = history.since(start, PAGES)
    spent = [of_job(job, priced, start, end) for job in known.jobs]
    spent += [of_endpoint(e, start, end) for e in serving(reader, history.place, priced)]
    return {
        "start": start.isoformat(),
        "since": iso(known.since) or "",
        "pipelines": _by_pipeline(spent),
        "unpriced": sorted({kind for spending in spent for kind in spending.unpriced}),
    }


def _by_pipeline(spent: list[Spending]) -> dict[str, MonthCost]:
    costs: dict[str, MonthCost] = defaultdict(
        lambda: {"usd": 0.0, "jobs_usd": 0.0, "endpoints_usd": 0.0}
    )
    for spending in spent:
        cost, usd = costs[spending.pipeline], sum(spending.usd_by_day.values())
        cost["usd"] += usd
        if spending.kind == "Endpoint":
            cost["endpoints_usd"] += usd
        else:
            cost["jobs_usd"] += usd
    return dict(costs)
