"""Serve the Studio pages, and the data that they show.

The page of each subject is the same document with another address; the script that it loads, built
from the repository's `ui/`, draws it. Data of Airflow, and every action, go from the browser to
Airflow's own API as the user who clicks; the routes here only read AWS.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from html import escape
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles

from prodml.ui.access import MAY_READ_DAGS
from prodml.ui.first import PAGES, places

FOLDER = Path(__file__).parent / "static"
STATIC = StaticFiles(directory=FOLDER)
# Scripts come from this server only; the chart library sets styles.
POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src "
        "'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
}
PRELOAD = '<link rel="preload" href="../api/{}" as="fetch" crossorigin="anonymous">'
DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Studio</title>
<link rel="stylesheet" href="static/studio.css">
<script type="module" src="static/studio.js"></script>
<link rel="modulepreload" href="static/echarts.js">
{preloads}
<link rel="icon" href="data:,">
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
    if response.status_code != 200 or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return response
    # Airflow would compress it for each request, in the thread that answers all others.
    headers = dict(response.headers) | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    del headers["content-length"]
    return Response(_compressed(FOLDER / name, headers["etag"]), headers=headers)


async def compress_files() -> None:
    """Compress the files of the front end before a browser asks for them."""
    for file in FOLDER.iterdir():
        response = await STATIC.get_response(file.name, {"method": "GET", "headers": []})
        _compressed(file, response.headers["etag"])


@lru_cache(maxsize=8)
def _compressed(file: Path, etag: str) -> bytes:
    """Return the content of *file*, whose present version *etag* names."""
    return gzip.compress(file.read_bytes(), mtime=0)


@router.get("/studio/{page}")
def page(page: str, request: Request) -> HTMLResponse:
    """Return the document of a page, which begins with requests of its data."""
    if page not in PAGES:
        raise HTTPException(404, f"No page {page!r}. Open one of {', '.join(PAGES)}.")
    first = places(page, request.query_params)
    preloads = "\n".join(PRELOAD.format(escape(place)) for place in first)
    return HTMLResponse(DOCUMENT.format(preloads=preloads), headers=POLICY)
