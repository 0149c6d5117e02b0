"""Serve the data of the Experiments page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from prodml.links.job import object_address
from prodml.studio.experiments.metric_curves import metric_curves
from prodml.studio.experiments.trial_updates import TrialKeeper
from prodml.studio.experiments.trials import experiments, trials
from prodml.studio.job_log import job_log
from prodml.studio.reader import reader
from prodml.studio.summaries import places
from prodml.ui.access import MAY_READ_DAGS
from prodml.ui.answers import in_pool
from prodml.ui.reading import answer_by
from prodml.ui.snapshots import Address

LOG_SECONDS = 8.0  # shorter than a page waits before it asks for new lines
ADDRESS = r"^s3://[a-z0-9][a-z0-9.-]+(/.*)?$"
KEEPER = TrialKeeper()
Texts = Annotated[list[str], Query(default_factory=list)]

router = APIRouter(prefix="/api", dependencies=[MAY_READ_DAGS])


@router.get("/experiments", response_model=None)
async def all_experiments(address: Address) -> Response:
    """Return the experiments of the account."""
    return await answer_by(experiments, subject=places.EXPERIMENTS, address=address)


@router.get("/experiments/{name}/trials", response_model=None)
async def all_trials(
    name: str,
    address: Address,
    most: Annotated[int | None, Query(ge=1, le=10_000)] = None,
) -> Response:
    """Return the trials of an experiment; of one without a summary, the newest *most*."""
    return await answer_by(
        lambda clients: trials(clients, name, most) if most else KEEPER.trials(clients, name),
        subject=places.trials_of(name),
        address=address,
    )


@router.get("/object", response_model=None)
async def stored_object(
    uri: Annotated[str, Query(pattern=ADDRESS)],
) -> Response:
    """Lead to an object or a folder of S3: in AWS's console, or on the embedded AWS's page."""

    def respond() -> Response:
        meta = reader().aws.client("s3").meta
        return RedirectResponse(object_address(meta.endpoint_url, meta.region_name, uri))

    return await in_pool(respond)


@router.get("/curves", response_model=None)
async def curves(arn: Texts, job: Texts, metric: Texts) -> Response:
    """Return the curves of metrics of the training jobs that *arn* and *job* name in pairs."""
    jobs = dict(zip(arn, job, strict=False))
    return await answer_by(lambda clients: metric_curves(clients, jobs, metric))


@router.get("/log/{kind}/{job}", response_model=None)
async def log(kind: str, job: str, stream: Texts, token: Texts) -> Response:
    """Return the end of a job's log, or what follows the *token* of each *stream*."""
    tokens = dict(zip(stream, token, strict=False))
    return await answer_by(lambda clients: job_log(clients, kind, job, tokens), LOG_SECONDS)
