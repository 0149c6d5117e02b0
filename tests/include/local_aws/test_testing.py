"""The test kit, as a user of the embedded AWS has it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from include.local_aws.testing import REGION, Server, connection_to, running_server
from tests.include.local_aws.refusals import refusal
from tests.root import ROOT

PAGE = ROOT / "docs" / "how-to" / "testing.md"


def test_the_page_shows_a_test_that_passes(tmp_path: Path) -> None:
    """The first Python block of docs/how-to/testing.md is run as it is."""
    shown = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[0]
    (tmp_path / "test_mine.py").write_text(shown)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_mine.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "1 passed" in ended.stdout


def test_faults_are_removed_after_the_block(tmp_path: Path) -> None:
    """On a separate server, so that they affect no other test."""
    throttled = {"operation": "ListModels", "error": "ThrottlingException"}
    with running_server(tmp_path) as server:
        client = server.client("sagemaker")
        with server.faults(throttled) as faults:
            faults.operation("ListTrials", "InternalFailure")
            assert refusal(client.list_models)[0] == "ThrottlingException"
            assert refusal(client.list_trials)[0] == "InternalFailure"
            assert faults.hits() == 2
        assert client.list_models()["Models"] == []


def test_environment_points_every_client_at_the_server() -> None:
    server = Server("http://127.0.0.1:1", None, Path())  # type: ignore[arg-type]
    assert server.environment() == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
    }


def test_connection_of_airflow_has_the_address() -> None:
    connection = json.loads(connection_to("http://127.0.0.1:1"))
    assert connection["conn_type"] == "aws"
    assert connection["extra"] == {"region_name": REGION, "endpoint_url": "http://127.0.0.1:1"}


def test_server_that_does_not_start_shows_its_log(tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="invalid choice: 'magic'"),
        running_server(tmp_path, sandbox="magic"),
    ):
        pass
