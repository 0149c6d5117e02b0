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
    """Return *server* as it is, and read what its pages show first meanwhile.

    Airflow calls this as a middleware, which is when a process of its API server starts.
    """
    Thread(target=_warm, name="prodml-studio-warming", daemon=True).start()
    return server


def _warm() -> None:
    from prodml.ui.warming import warm

    warm()
