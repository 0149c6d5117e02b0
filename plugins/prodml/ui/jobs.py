"""Serve the data of the Jobs and the Costs page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from prodml.studio.costs.overview import costs
from prodml.studio.jobs.listing import listing
from prodml.studio.settings import prices_as_of, rates
from prodml.ui.access import MAY_READ_DAGS
from prodml.ui.answers import answer
from prodml.ui.snapshots import Address

Days = Annotated[int, Query(ge=1, le=92)]

router = APIRouter(prefix="/api", dependencies=[MAY_READ_DAGS])


@router.get("/jobs", response_model=None)
async def all_jobs(
    address: Address,
    days: Days = 7,
    dag: str | None = None,
    run: str | None = None,
    task: str | None = None,
    map_index: int | None = None,
) -> Response:
    """Return the jobs that run, and those that changed in the last *days*; of one owner, if any."""
    owner = {"dag": dag, "run": run, "task": task, "map_index": map_index}
    wanted = {name: value for name, value in owner.items() if value is not None}
    return await answer(lambda reader: listing(reader, days, rates(), wanted), address)


@router.get("/costs", response_model=None)
async def all_costs(address: Address, days: Days = 30) -> Response:
    """Return the costs of the last *days* and of this month."""
    return await answer(lambda reader: costs(reader, days, rates(), prices_as_of()), address)
