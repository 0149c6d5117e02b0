"""Serve the Studio pages, and the data that they show.

The page of each subject is the same document with another address; the script that it loads, built
from the repository's `ui/`, draws it. Data of Airflow, and every action, go from the browser to
Airflow's own API as the user who clicks; the routes here only read AWS.
"""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

from prodml.studio.models import models
from prodml.studio.summaries import places
from prodml.ui.access import MAY_READ_DAGS
from prodml.ui.reading import answer_by

PAGES = ("models", "model", "experiments", "endpoints", "drift", "jobs", "costs")
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
<link rel="modulepreload" href="static/echarts.js">
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
    return await answer_by(models, subject=places.MODELS)
