"""Serve the Studio pages, and the data that they show.

The page of each subject is the same document with another address; the script that it loads, built
from the repository's `ui/`, draws it. Data of Airflow, and every action, go from the browser to
Airflow's own API as the user who clicks; the routes here only read AWS.
"""

from __future__ import annotations

import gzip
import hashlib
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
KEPT = "private, max-age=31536000, immutable"  # for a year
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
<link rel="stylesheet" href="static/{version}/studio.css">
<script type="module" src="static/{version}/studio.js"></script>
<link rel="modulepreload" href="static/{version}/echarts.js">
{preloads}
<link rel="icon" href="data:,">
</head>
<body><div id="studio"></div></body>
</html>
"""

router = APIRouter(dependencies=[MAY_READ_DAGS])


@router.get("/studio/static/{version}/{name}")
async def static(version: str, name: str, request: Request) -> Response:
    """Return a file of the built front end, which a browser keeps under its *version*."""
    response = await STATIC.get_response(name, request.scope)
    current = present_version()
    # While servers are replaced one by one, another may have sent the page.
    response.headers["Cache-Control"] = KEPT if version == current else "no-store"
    if response.status_code != 200 or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return response
    # Airflow would compress it for each request, in the thread that answers all others.
    headers = dict(response.headers) | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    del headers["content-length"]
    return Response(_compressed(name, current), headers=headers)


def present_version() -> str:
    """Return a name of the content of all files of the front end."""
    return _digest(tuple((file, file.stat().st_mtime_ns) for file in sorted(FOLDER.iterdir())))


@lru_cache(maxsize=2)
def _digest(files: tuple[tuple[Path, int], ...]) -> str:
    """Return the digest of *files*, which were written at these times."""
    content = b"".join(file.read_bytes() for file, _ in files)
    return hashlib.sha256(content).hexdigest()[:12]


def compress_files() -> None:
    """Compress the files of the front end before a browser asks for them."""
    for file in FOLDER.iterdir():
        _compressed(file.name, present_version())


@lru_cache(maxsize=8)
def _compressed(name: str, version: str) -> bytes:
    """Return the content of a file in the present *version*."""
    return gzip.compress((FOLDER / name).read_bytes(), mtime=0)


@router.get("/studio/{page}")
def page(page: str, request: Request) -> HTMLResponse:
    """Return the document of a page, which begins with requests of its data."""
    if page not in PAGES:
        raise HTTPException(404, f"No page {page!r}. Open one of {', '.join(PAGES)}.")
    first = places(page, request.query_params)
    preloads = "\n".join(PRELOAD.format(escape(place)) for place in first)
    document = DOCUMENT.format(version=present_version(), preloads=preloads)
    return HTMLResponse(document, headers=POLICY)
