"""Read what each page shows first when Airflow's API server starts, so that no page waits for AWS.

The responses become the snapshots that the first opening of a page shows. They are read one after
another, which takes some dozens of calls of AWS within seconds; requests go first.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.responses import Response

from prodml.ui import drift, endpoints, experiments, jobs, models, studio

Route = Callable[..., Awaitable[Response]]
WINDOWS = 24  # that the Drift page draws first
HOURS = 3  # of metrics that the Endpoints page shows
TRIALS = 100  # that the Experiments page draws first
PAUSE = 0.3  # seconds between two reads, for a page that is opened meanwhile

log = logging.getLogger(__name__)


class _UnreadableError(Exception):
    """Raised when AWS could not be read; pages that are opened say why, and what to do."""


def warm() -> None:
    """Read what each page shows first; stop at the first response that is an error."""
    try:
        asyncio.run(_pages())
    except _UnreadableError as error:
        log.info("Studio's pages will read AWS when they are opened: %s", error)


async def _pages() -> None:
    await studio.compress_files()
    await _read(studio.all_models, "models")
    await _endpoints()
    await _read(jobs.all_jobs, "jobs?days=7", days=7)
    await _experiments()
    await _read(jobs.all_costs, "costs?days=30", days=30)
    await _drift()
    await _read(models.all_costs, "models/costs")


async def _endpoints() -> None:
    for endpoint in (await _read(endpoints.all_endpoints, "endpoints"))[:1]:
        name = endpoint["name"]
        described = await _read(endpoints.one_endpoint, f"endpoints/{name}", name=name)
        await _metrics(name, described)


async def _metrics(endpoint: str, described: Any) -> None:
    """Read the metrics of the components of *endpoint*, or else of its variants."""
    place, hours = f"endpoints/{endpoint}", f"hours={HOURS}"
    if names := [component["name"] for component in described["components"]]:
        query = "&".join([hours, *(f"component={name}" for name in names)])
        place = f"{place}/components/metrics?{query}"
        await _read(endpoints.metrics_of_components, place, component=names, hours=HOURS)
        return
    names = [variant["name"] for variant in described["variants"]]
    query = "&".join([hours, *(f"variant={name}" for name in names)])
    place = f"{place}/metrics?{query}"
    await _read(endpoints.metrics, place, name=endpoint, variant=names, hours=HOURS)


async def _experiments() -> None:
    for experiment in (await _read(experiments.all_experiments, "experiments"))[:1]:
        name = experiment["name"]
        place = f"experiments/{name}/trials?most={TRIALS}"
        await _read(experiments.all_trials, place, name=name, most=TRIALS)


async def _drift() -> None:
    for watched in (await _read(drift.all_histories, "drift?most=1", most=1))[:1]:
        place = f"drift/{watched['pipeline']}/{watched['endpoint']}?most={WINDOWS}"
        await _read(drift.one_history, place, **watched, most=WINDOWS)
    await _read(drift.all_histories, "drift")


async def _read(route: Route, place: str, **arguments: Any) -> Any:
    """Return the document that *route* responds to a request of *place*."""
    path, _, query = place.partition("?")
    response = await route(address=f"/api/{path}?{query}", **arguments)
    if response.status_code != 200:
        raise _UnreadableError(bytes(response.body).decode())
    await asyncio.sleep(PAUSE)
    return json.loads(gzip.decompress(bytes(response.body)))
