"""Serve the data of the pages of models."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from prodml.studio.costs.month import month_to_date
from prodml.studio.drift_states import drift_states
from prodml.studio.endpoints.deployments import deployments_of
from prodml.studio.lineage.graph import lineage
from prodml.studio.models import models
from prodml.studio.settings import root
from prodml.studio.summaries import places
from prodml.ui.access import MAY_READ_DAGS
from prodml.ui.answers import answer
from prodml.ui.reading import answer_by
from prodml.ui.snapshots import Address

router = APIRouter(prefix="/api/models", dependencies=[MAY_READ_DAGS])


@router.get("", response_model=None)
async def all_models(address: Address) -> Response:
    """Return every model with its versions and its endpoint."""
    return await answer_by(models, subject=places.MODELS, address=address)


@router.get("/drift", response_model=None)
async def all_drift_states(address: Address) -> Response:
    """Return the newest verdict of the drift checks of each model in production."""
    return await answer(lambda reader: drift_states(reader, root()), address)


@router.get("/costs", response_model=None)
async def all_costs(address: Address) -> Response:
    """Return the cost of each pipeline since the beginning of the month."""
    return await answer(month_to_date, address)


@router.get("/{name}/deployments", response_model=None)
async def deployments(name: str, address: Address) -> Response:
    """Return what the model's endpoint has served, as far as its configurations exist."""
    return await answer_by(lambda clients: deployments_of(clients, name), address=address)


@router.get("/{name}/versions/{version}/lineage", response_model=None)
async def lineage_of(name: str, version: int, address: Address) -> Response:
    """Return the lineage of a version."""
    return await answer_by(lambda clients: lineage(clients, name, version), address=address)
