"""Pages that Airflow's own server shows.

Imports `aws`, `links`, `notifications`, `studio`, `studio.experiments`, `studio.endpoints`,
`studio.jobs`, `studio.costs`, `studio.lineage` and `studio.summaries`.
"""

from __future__ import annotations

from typing import Any


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """Serve the pages as one ASGI application, imported at the first request."""
    from prodml.ui.application import app

    await app(scope, receive, send)
