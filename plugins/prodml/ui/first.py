"""List what each page asks for first.

The page's document has the browser send these requests while it loads the script, and `warming`
reads them ahead. A later request may name what the response to an earlier one lists.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi.responses import Response

from prodml.ui import drift, endpoints, experiments, jobs, models
from prodml.ui.answers import last_document

Query = Mapping[str, str]  # of a page's address
WINDOWS = 24  # that the Drift page draws first
HOURS = "3"  # of metrics that the Endpoints page shows, unless its address has others
TRIALS = 100  # that the Experiments page draws first
WATCHED = re.compile(r"([\w-]+)/([\w-]+)")


class Asked(NamedTuple):
    """A request, as the route that responds to it and what the route is called with."""

    place: str  # below /api/
    route: Callable[..., Awaitable[Response]]
    arguments: dict[str, Any]

    @property
    def address(self) -> str:
        """Return the key of the request's last response."""
        path, _, query = self.place.partition("?")
        return f"/api/{path}?{query}"


# Yields requests, and is sent the document of each response; None if it is not known.
Requests = Generator[Asked, Any, None]


def _models(query: Query) -> Requests:
    yield Asked("models", models.all_models, {})


def _jobs(query: Query) -> Requests:
    days = _days(query, 7)
    yield Asked(f"jobs?days={days}", jobs.all_jobs, {"days": days})


def _costs(query: Query) -> Requests:
    days = _days(query, 30)
    yield Asked(f"costs?days={days}", jobs.all_costs, {"days": days})


def _days(query: Query, otherwise: int) -> int:
    days = query.get("days", "")
    return int(days) if days.isdecimal() else otherwise


def _experiments(query: Query) -> Requests:
    listed = yield Asked("experiments", experiments.all_experiments, {})
    if name := _chosen(listed, query.get("experiment")):
        place = f"experiments/{quote(name, '')}/trials?most={TRIALS}"
        yield Asked(place, experiments.all_trials, {"name": name, "most": TRIALS})


def _endpoints(query: Query) -> Requests:
    listed = yield Asked("endpoints", endpoints.all_endpoints, {})
    name = _chosen(listed, query.get("endpoint"))
    if not name:
        return
    place = f"endpoints/{quote(name, '')}"
    described = yield Asked(place, endpoints.one_endpoint, {"name": name})
    if not described:
        return
    hours = query.get("hours", HOURS)
    span = {"hours": float(hours) if hours.isdecimal() else float(HOURS)}
    if served := [component["name"] for component in described["components"]]:
        metrics = f"{place}/components/metrics?{_served(hours, 'component', served)}"
        yield Asked(metrics, endpoints.metrics_of_components, {"component": served} | span)
        return
    served = [variant["name"] for variant in described["variants"]]
    metrics = f"{place}/metrics?{_served(hours, 'variant', served)}"
    yield Asked(metrics, endpoints.metrics, {"name": name, "variant": served} | span)


def _served(hours: str, kind: str, names: list[str]) -> str:
    return urlencode([("hours", hours), *((kind, name) for name in names)])


def _drift(query: Query) -> Requests:
    if named := WATCHED.fullmatch(query.get("endpoint", "")):
        pipeline, endpoint = named.groups()
    else:
        listed = yield Asked("drift?most=1", drift.all_histories, {"most": 1})
        if not listed:
            return
        pipeline, endpoint = listed[0]["pipeline"], listed[0]["endpoint"]
    watched = {"pipeline": pipeline, "endpoint": endpoint, "most": WINDOWS}
    place = f"drift/{quote(pipeline, '')}/{quote(endpoint, '')}?most={WINDOWS}"
    yield Asked(place, drift.one_history, watched)


def _chosen(listed: list[dict[str, Any]] | None, asked: str | None) -> str | None:
    """Return the name that a page shows: the one *asked* for if it is listed, or the first one."""
    if listed is None:
        return asked
    names: list[str] = [each["name"] for each in listed]
    return asked if asked in names else next(iter(names), None)


def _nothing(query: Query) -> Requests:
    yield from ()


PAGES: dict[str, Callable[[Query], Requests]] = {
    "models": _models,
    "model": _models,
    "experiments": _experiments,
    "endpoints": _endpoints,
    "drift": _drift,
    "jobs": _jobs,
    "costs": _costs,
    # In tabs of Airflow's own pages:
    "dag": _models,
    "run": _nothing,
    "task": _nothing,
}


def places(page: str, query: Query) -> list[str]:
    """Return the requests of a page, below /api/, as far as this process knows what they name."""
    requests, asked = PAGES[page](query), []
    document = None
    try:
        while True:
            asked.append(requests.send(document))
            document = last_document(asked[-1].address)
    except StopIteration:
        return [each.place for each in asked]
