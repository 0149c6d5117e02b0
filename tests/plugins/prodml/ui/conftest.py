"""One API server of Airflow and one browser for the tests of all pages."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from prodml.studio.reader import reader
from prodml.ui import access
from prodml.ui.application import app

from include.local_aws.core.processes import free_port
from include.local_aws.forked import ForkedProcess
from include.local_aws.testing import Server, connection_to
from tests import preloaded
from tests.include.local_aws.browser import CHROMIUM
from tests.plugins.prodml.ui.visits import Studio

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STARTING = 240  # seconds; far longer than a start takes, for machines under load
USERS = {"ada": "admin", "vera": "viewer"}


@dataclass
class Airflow:
    """A running API server, and the tokens of its users."""

    url: str

    def token(self, user: str) -> str:
        """Return what the session cookie of *user* holds."""
        given = {"username": user, "password": user}
        return str(self.call("POST", "/auth/token", given)[1]["access_token"])

    def call(
        self, method: str, path: str, body: Any = None, user: str | None = None
    ) -> tuple[int, Any]:
        """Return the status and the document of a response, as the browser of *user* gets it."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if user:
            headers["Cookie"] = f"_token={self.token(user)}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                text, status = response.read(), response.status
        except urllib.error.HTTPError as error:
            text, status = error.read(), error.code
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text.decode(errors="replace")


@pytest.fixture(scope="session")
def airflow(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Airflow]:
    """Airflow's API server with the plugin, on the embedded AWS of the session."""
    home = tmp_path_factory.mktemp("airflow")
    (home / "passwords.json").write_text(json.dumps({user: user for user in USERS}))
    settings = {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(map(":".join, USERS.items())),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
    }
    with running_airflow(server, home, settings) as airflow:
        yield airflow


@contextmanager
def running_airflow(server: Server, home: Path, own: dict[str, str]) -> Iterator[Airflow]:
    """Run an API server with the settings *own* until the block ends."""
    port = free_port()
    (home / "dags").mkdir()
    settings = own | {
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API_AUTH__JWT_SECRET": "tests-" * 12,
        "AIRFLOW_CONN_AWS_DEFAULT": connection_to(server.url),
        "PYTHONWARNINGS": "ignore",
    }
    module, log = "tests.plugins.prodml.ui.airflow_server", home / "server.log"
    process = preloaded.start(module, port, home / "dags", home=home, log=log, more=settings)
    try:
        wait_for(f"http://127.0.0.1:{port}/api/v2/version", process)
    except RuntimeError as error:
        raise RuntimeError(f"{error}\n{log.read_text()}") from error
    try:
        yield Airflow(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait()


def wait_for(url: str, process: ForkedProcess) -> None:
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("Airflow's API server did not start. Read its log.")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, driven by Playwright, whose event loop runs until the module ends."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox", "--no-proxy-server", "--disable-dev-shm-usage"]
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def studio(airflow: Airflow, browser: Browser) -> Studio:
    """Opens pages of Studio as a user who is logged in."""
    return Studio(airflow.url, browser, airflow.token("ada"))


@pytest.fixture(scope="module")
def pages() -> Iterator[TestClient]:
    """The pages in this process, for a user whom Airflow lets read DAGs and requests."""
    for rule in (access.MAY_READ_DAGS, access.MAY_READ_REQUESTS):
        app.dependency_overrides[rule.dependency] = lambda: None
    reader.cache_clear()
    yield TestClient(app)
    app.dependency_overrides.clear()
    reader.cache_clear()
