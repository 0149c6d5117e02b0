"""An S3 for the verdicts, and a model that every endpoint serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from include.local_aws.testing import Server, connection_to, running_server
from include.pipelines.adapters.aws import client
from include.pipelines.data import landing as landing_places
from include.pipelines.drift import actions, checks
from include.pipelines.evaluation.champion import Champion
from include.settings import settings
from tests.include.pipelines.drift.windows import MODEL


@pytest.fixture(scope="package", autouse=True)
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with (
        running_server(tmp_path_factory.mktemp("aws"), time_scale=60) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(server.url))
        client("s3").create_bucket(Bucket=settings().bucket)
        yield server


@pytest.fixture
def endpoint(request: pytest.FixtureRequest) -> str:
    return f"e{abs(hash(request.node.nodeid))}"


@pytest.fixture(autouse=True)
def champion(monkeypatch: pytest.MonkeyPatch) -> Champion:
    """Replace the model that the endpoint serves: a deployment for each test takes minutes."""
    facts = {"window_end": "2024-03-11", "baseline": settings().uri("run", "baseline") + "/"}
    serving = Champion(MODEL, [{"Image": "i"}], facts)
    monkeypatch.setattr(actions, "find_champion", lambda endpoint: serving)
    monkeypatch.setattr(checks, "find_champion", lambda endpoint: serving)
    return serving


@pytest.fixture(autouse=True)
def landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give labelled rows a folder of the test's own, apart from those of a demo."""
    there = replace(settings(), landing=str(tmp_path))
    monkeypatch.setattr(landing_places, "settings", lambda: there)
    return tmp_path
