"""Pages that Airflow's own server shows.

Imports `aws`, `links`, `notifications`, `studio`, `studio.experiments`, `studio.endpoints`,
`studio.jobs`, `studio.costs`, `studio.lineage` and `studio.summaries`.
"""

from __future__ import annotations

from threading import Thread
from typing import Any


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """Serve the pages as one ASGI application, imported at the first request."""
    from prodml.ui.application import app

    await app(scope, receive, send)


def warmed(server: Any) -> Any:
    """Return *server* as it is; prepare its pages, and read what they show first meanwhile.

    Airflow calls this as a middleware when a process of its API server starts, before it answers.
    """
    from prodml.ui import application, warming  # noqa: F401 -- requests need the application

    warming.prepare()
    Thread(target=warming.warm, name="prodml-studio-warming", daemon=True).start()
    return server
