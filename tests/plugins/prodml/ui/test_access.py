"""Airflow decides who may read pages and their data."""

from __future__ import annotations

import pytest

from tests.plugins.prodml.ui.conftest import Airflow

PATHS = (
    *("studio/models", "studio/static/any/studio.js", "runbooks"),
    *("api/models", "api/experiments", "api/endpoints"),
)


@pytest.mark.parametrize("path", PATHS)
def test_no_page_and_no_data_for_anonymous_requests(airflow: Airflow, path: str) -> None:
    assert airflow.call("GET", f"/prodml/{path}")[0] == 401


@pytest.mark.parametrize("path", PATHS)
def test_a_viewer_may_read(airflow: Airflow, path: str) -> None:
    assert airflow.call("GET", f"/prodml/{path}", user="vera")[0] == 200


def test_captured_requests_want_a_role_that_may_read_the_runs_of_the_models_dag(
    airflow: Airflow,
) -> None:
    path = "/prodml/api/endpoints/nowhere/requests"
    assert airflow.call("GET", path)[0] == 401
    assert airflow.call("GET", path, user="vera") == (200, {"captured": None})
