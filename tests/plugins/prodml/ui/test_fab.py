"""Studio under the auth manager of Flask AppBuilder: roles decide, as under SimpleAuthManager.

`python -m tests.matrix` runs these tests, also under older versions of Airflow; an API server of
its own would take too long for every run of the suite.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.plugins.prodml.ui.conftest import Airflow, running_airflow
from tests.plugins.prodml.ui.test_access import PATHS

QUESTION = "/api/v2/dags/retrain_churn/dagRuns/manual__2026-11-29/taskInstances/approve/-1"
FAB = "airflow.providers.fab.auth_manager"

pytestmark = pytest.mark.skipif(
    "PRODML_MATRIX" not in os.environ, reason="`python -m tests.matrix` sets PRODML_MATRIX"
)


@pytest.fixture(scope="module")
def fab(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    """An API server that takes users and roles from FAB's tables."""
    settings = {
        "AIRFLOW__CORE__AUTH_MANAGER": f"{FAB}.fab_auth_manager.FabAuthManager",
        "AIRFLOW__DATABASE__EXTERNAL_DB_MANAGERS": f"{FAB}.models.db.FABDBManager",
    }
    with running_airflow(server, tmp_path_factory.mktemp("fab"), settings) as airflow:
        yield airflow


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("user", "status"), [(None, 401), ("lea", 403), ("vera", 200)])
def test_a_role_that_may_read_dags_may_read(
    fab: Airflow, path: str, user: str | None, status: int
) -> None:
    # Runbooks are for everyone who is logged in.
    expected = 200 if (path, user) == ("runbooks", "lea") else status
    assert fab.call("GET", f"/prodml/{path}", user=user)[0] == expected


@pytest.mark.parametrize(("user", "status"), [("vera", 403), ("ada", 200)])
def test_a_viewer_may_neither_answer_nor_trigger(fab: Airflow, user: str, status: int) -> None:
    trigger: dict[str, Any] = {"logical_date": None, "conf": {}}
    runs = "/api/v2/dags/retrain_churn/dagRuns"
    assert fab.call("POST", runs, trigger, user=user)[0] == status
    answer = {"chosen_options": ["Approve"], "params_input": {}}
    assert fab.call("PATCH", f"{QUESTION}/hitlDetails", answer, user=user)[0] == status
