"""The churn loop in a fresh world: an embedded AWS, an Airflow, an empty landing folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from prodml.vocabulary import Json

from include.local_aws.testing import running_server
from tests.root import ROOT

RunSteps = Callable[..., list[Json]]


@pytest.fixture
def run_steps(tmp_path: Path) -> RunSteps:
    """Run steps of the loop (see tests/loop/churn.py) and return their results."""

    def run(*steps: Json, sandbox: str = "auto", root: Path = ROOT) -> list[Json]:
        asked, answered = tmp_path / "steps.json", tmp_path / "results.json"
        asked.write_text(json.dumps(steps))
        command = [sys.executable, "-m", "tests.loop.churn", str(asked), str(answered)]
        with running_server(tmp_path / "aws", time_scale=60, sandbox=sandbox) as server:
            environment = _environment(root, tmp_path, server.url)
            done = subprocess.run(
                command, cwd=root, env=environment, capture_output=True, text=True, check=False
            )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
        return list(json.loads(answered.read_text())["results"])

    return run


def _environment(root: Path, folder: Path, aws_url: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AIRFLOW"))}
    return inherited | {
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "plugins")]),
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(root / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(root / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",  # who answers Required Actions
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "PRODML_AWS_PORT": aws_url.rpartition(":")[2],
        "PRODML_LANDING_DIR": str(folder / "landing"),
    }
