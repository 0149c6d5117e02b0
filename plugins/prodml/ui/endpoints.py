"""Serve the data of the Endpoints page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from prodml.studio.endpoints.contest import KEPT, rounded, running_test
from prodml.studio.endpoints.metrics import component_metrics, endpoint_metrics
from prodml.studio.endpoints.overview import endpoint, endpoints
from prodml.studio.endpoints.requests import MOST, captured_requests
from prodml.studio.reader import KeepingClients, reader
from prodml.studio.settings import deployment, prices
from prodml.studio.summaries import places
from prodml.ui.access import MAY_READ_DAGS, MAY_READ_REQUESTS
from prodml.ui.reading import answer_by
from prodml.ui.snapshots import Address

FRESH = 10.0  # seconds: a person loads captured requests by hand

router = APIRouter(prefix="/api/endpoints", dependencies=[MAY_READ_DAGS])


@router.get("", response_model=None)
async def all_endpoints(address: Address) -> Response:
    """Return the endpoints of this deployment."""
    return await answer_by(
        lambda clients: endpoints(clients, deployment()),
        subject=places.ENDPOINTS,
        address=address,
    )


@router.get("/{name}", response_model=None)
async def one_endpoint(name: str, address: Address) -> Response:
    """Return an endpoint with its variants, scaling, alarms and deployments."""
    return await answer_by(
        lambda clients: endpoint(clients, name, prices(), KeepingClients(reader(), KEPT)),
        address=address,
    )


Hours = Annotated[float, Query(gt=0, le=24 * 60)]


@router.get("/{name}/metrics", response_model=None)
async def metrics(
    name: str, address: Address, variant: Annotated[list[str], Query()], hours: Hours = 3
) -> Response:
    """Return the metrics of an endpoint's variants over the last *hours*."""
    start, end = _last(hours)
    return await answer_by(
        lambda clients: endpoint_metrics(clients, name, variant, start, end), address=address
    )


@router.get("/{name}/components/metrics", response_model=None)
async def metrics_of_components(
    address: Address, component: Annotated[list[str], Query()], hours: Hours = 3
) -> Response:
    """Return the metrics of an endpoint's inference components over the last *hours*."""
    start, end = _last(hours)
    return await answer_by(
        lambda clients: component_metrics(clients, component, start, end), address=address
    )


def _last(hours: float) -> tuple[datetime, datetime]:
    """Return a time of so many hours that ends with this minute."""
    end = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    return end - timedelta(hours=hours), end


@router.get("/{name}/test", response_model=None)
async def test_on_endpoint(name: str) -> Response:
    """Return the A/B or shadow test on an endpoint, or null."""
    now = rounded(datetime.now(UTC))
    return await answer_by(lambda clients: {"test": running_test(clients, name, now)}, KEPT)


@router.get("/{name}/requests", response_model=None, dependencies=[MAY_READ_REQUESTS])
async def requests(name: str, most: Annotated[int, Query(ge=1, le=100)] = MOST) -> Response:
    """Return the newest captured requests of an endpoint, without personal values."""
    now = datetime.now(UTC)
    return await answer_by(
        lambda clients: {"captured": captured_requests(clients, name, now, most)}, FRESH
    )
