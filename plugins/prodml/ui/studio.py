"""Serve the Studio pages, and the data that they show.

The page of each subject is the same document with another address; the script that it loads, built
from the repository's `ui/`, draws it. Data of Airflow, and every action, go from the browser to
Airflow's own API as the user who clicks; the routes here only read AWS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from prodml.aws.retries import patience
from prodml.studio import models
from prodml.studio.problems import problem_of
from prodml.studio.reader import Reader, reader
from prodml.ui.access import MAY_READ_DAGS

T = TypeVar("T")
PAGES = ("models", "model", "experiments", "endpoints", "drift", "jobs", "costs")
TIMEOUT = 30.0  # seconds for all calls of one response
# A pool of their own: a slow AWS must not hold the threads in which Airflow serves its API.
POOL = ThreadPoolExecutor(8, thread_name_prefix="prodml-studio")
STATIC = StaticFiles(directory=Path(__file__).parent / "static")
# Scripts come from this server only; the chart library sets styles.
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src "
        "'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
}
DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Studio</title>
<link rel="stylesheet" href="static/studio.css">
<script type="module" src="static/studio.js"></script>
</head>
<body><div id="studio"></div></body>
</html>
"""

router = APIRouter(dependencies=[MAY_READ_DAGS])


@router.get("/studio/static/{name}")
async def static(name: str, request: Request) -> Response:
    """Return a file of the built front end; browsers ask whether theirs is current."""
    response = await STATIC.get_response(name, request.scope)
    response.headers["Cache-Control"] = "no-cache"
    return response


@router.get("/studio/{page}")
def page(page: str) -> HTMLResponse:
    """Return the document of a page."""
    if page not in PAGES:
        raise HTTPException(404, f"No page {page!r}. Open one of {', '.join(PAGES)}.")
    return HTMLResponse(DOCUMENT, headers=POLICY)


@router.get("/api/models", response_model=None)
async def all_models() -> Response:
    """Return every model with its versions and its endpoint."""
    return await answer(models.models)


async def answer(read: Callable[[Reader], T]) -> Response:
    """Return as JSON what *read* reads from AWS; its problem with status 502 if AWS fails."""
    loop = asyncio.get_running_loop()
    try:
        reading = loop.run_in_executor(POOL, _at_once, read)
        return JSONResponse(await asyncio.wait_for(reading, TIMEOUT))
    except Exception as error:
        if (problem := problem_of(error)) is None:
            raise
        return JSONResponse(problem, status_code=502)


def _at_once(read: Callable[[Reader], T]) -> T:
    """Read without waiting for an AWS that throttles: the page asks again by itself."""
    with patience(0):
        return read(reader())
