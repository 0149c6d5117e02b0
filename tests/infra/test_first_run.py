"""The five steps of the README, run as they are written, by an administrator of a new account."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from include.local_aws.testing import REGION
from include.preflight import read_environment
from tests.infra.conftest import Account
from tests.root import ROOT

BLOCK = re.compile(r"Five steps lead.*?```\n(.*?)```", re.DOTALL)


def _steps() -> list[str]:
    """Return the commands of each step, without comments."""
    block = BLOCK.search((ROOT / "README.md").read_text())
    assert block
    steps: list[str] = []
    part = ""
    for line in block[1].splitlines():
        number = re.search(r"\s#\s+(\d)\.", line)
        continued = re.search(r"\s#\s+\D", line)
        part += re.sub(r"\s+#\s.*$", "", line) + "\n"
        if number:
            assert int(number[1]) == len(steps) + 1
            steps.append(part)
        elif continued:
            steps[-1] += part
        if number or continued:
            part = ""
    return steps


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone, in which the steps may write."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("dags", "include", "infra", "plugins"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture(scope="module")
def environment(
    account: Account, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """The shell of an administrator, who is no root user."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "AIRFLOW", "PRODML"))}
    keys = {name.upper(): value for name, value in account.administrator().items()}
    return (
        kept
        | keys
        | {
            "AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow")),
            "AWS_ENDPOINT_URL": account.server.url,
            "AWS_DEFAULT_REGION": REGION,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'plugins'}",
        }
    )


def test_steps_on_the_embedded_aws(
    account: Account, folder: Path, environment: dict[str, str]
) -> None:
    setup, deploy, write, check, run = _steps()
    assert setup.startswith("make setup && . .venv/bin/activate")
    output = ""
    for step in (deploy, write, check):
        process = subprocess.run(
            ["bash", "-ec", step], cwd=folder, env=environment, capture_output=True, text=True
        )
        output = process.stdout
        assert process.returncode == 0, f"{step}\n{output}\n{process.stderr}"
    variables = read_environment(folder / ".env")
    assert variables["PRODML_BUCKET"] == "my-team-prodml"
    assert variables["AWS_ACCESS_KEY_ID"] == environment["AWS_ACCESS_KEY_ID"]
    role = variables["AIRFLOW_CONN_AWS_DEFAULT"]
    assert "role/prod-prodml-airflow" in role
    assert "OK       identity" in output
    assert "assumed-role/prod-prodml-airflow/" in output
    assert "WRONG" not in output
    assert "UNKNOWN" not in output
    assert "docker compose up -d" in run


def test_last_step_names_what_exists() -> None:
    step = _steps()[-1]
    services = yaml.safe_load((ROOT / "docker-compose.yaml").read_text())["services"]
    (service,) = re.findall(r"compose exec (\S+)", step)
    assert service in services
    dags = re.findall(r"airflow dags test (\w+)", step)
    assert dags == ["initialize_project", "retrain_churn"]
    assert all((ROOT / "dags" / f"{dag}.py").is_file() for dag in dags)
