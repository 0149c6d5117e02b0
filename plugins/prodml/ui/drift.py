"""Serve the data of the Drift page, and the reports of windows."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, Response

from prodml.exceptions import InvalidInputError, MissingObjectError
from prodml.studio.drift import histories, report, windows
from prodml.studio.reader import FOREVER, KeepingClients, reader
from prodml.studio.settings import root
from prodml.studio.summaries import places
from prodml.ui.access import MAY_READ_DAGS
from prodml.ui.answers import in_pool
from prodml.ui.reading import answer_by
from prodml.ui.reports import POLICY
from prodml.ui.snapshots import Address

LISTING_SECONDS = 600.0  # new pipelines are rare, and each costs a call

router = APIRouter(prefix="/api/drift", dependencies=[MAY_READ_DAGS])


@router.get("", response_model=None)
async def all_histories(
    address: Address, most: Annotated[int | None, Query(ge=1, le=1000)] = None
) -> Response:
    """Return the endpoints whose traffic has been checked; without a summary, the first *most*."""
    return await answer_by(
        lambda clients: histories(clients, root(), most), LISTING_SECONDS, places.DRIFT, address
    )


@router.get("/{pipeline}/{endpoint}", response_model=None)
async def one_history(
    pipeline: str,
    endpoint: str,
    address: Address,
    most: Annotated[int, Query(ge=1, le=200)] = 60,
) -> Response:
    """Return the newest windows of an endpoint."""
    contents = KeepingClients(reader(), FOREVER)
    return await answer_by(
        lambda clients: windows(clients, root(), pipeline, endpoint, most, contents),
        address=address,
    )


@router.get("/{pipeline}/{endpoint}/{stamp}/report", response_model=None)
async def one_report(pipeline: str, endpoint: str, stamp: str) -> Response:
    """Return the report of the window that ends at *stamp*."""

    def read() -> HTMLResponse:
        page = report(reader().aws, root(), pipeline, endpoint, stamp)
        return HTMLResponse(page, headers=POLICY)

    try:
        return await in_pool(read)
    except (InvalidInputError, MissingObjectError) as error:
        raise HTTPException(404, str(error)) from error
