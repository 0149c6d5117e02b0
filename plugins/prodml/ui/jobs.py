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

Days = Annotated[int, Query(ge=1, le=92)]

router = APIRouter(prefix="/api", dependencies=[MAY_READ_DAGS])


@router.get("/jobs", response_model=None)
async def all_jobs(days: Days = 7) -> Response:
    """Return the jobs that run, and those that changed in the last *days*."""
    return await answer(lambda reader: listing(reader, days, rates()))


@router.get("/costs", response_model=None)
async def all_costs(days: Days = 30) -> Response:
    """Return the costs of the last *days* and of this month."""
    return await answer(lambda reader: costs(reader, days, rates(), prices_as_of()))
