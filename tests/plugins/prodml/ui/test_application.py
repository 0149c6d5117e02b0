"""All routes of the application that Airflow mounts."""

from __future__ import annotations

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from prodml.ui import application, reports
from prodml.ui.access import MAY_READ_DAGS


def test_every_page_asks_airflow_who_may_see_it() -> None:
    pages = [r for r in application.app.routes if isinstance(r, APIRoute)]
    assert pages
    known = (reports.MAY_READ, reports.LOGGED_IN, MAY_READ_DAGS)
    assert all(any(ask in page.dependencies for ask in known) for page in pages)


def test_the_interface_has_no_pages_on_itself(pages: TestClient) -> None:
    for path in ("docs", "redoc", "openapi.json"):
        assert pages.get(f"/{path}").status_code == 404


def test_data_have_one_route_each() -> None:
    routes = [r for r in application.app.routes if isinstance(r, APIRoute)]
    places = [(route.path, *sorted(route.methods)) for route in routes]
    assert len(set(places)) == len(places)
