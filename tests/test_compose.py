"""docker-compose.yaml against the compose specification, and against what it stands for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = ROOT / "docker-compose.yaml"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load(COMPOSE.read_text())["services"])


def check_schema(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the compose specification's own schema over *path*."""
    command = [
        *(sys.executable, "-m", "check_jsonschema"),
        *("--builtin-schema", "vendor.compose-spec", str(path)),
    ]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_follows_the_compose_specification() -> None:
    """Every key and value of the file is one that docker compose knows."""
    result = check_schema(COMPOSE)
    assert result.returncode == 0, result.stdout


def test_schema_check_can_fail(tmp_path: Path) -> None:
    """A misspelt key is found, so the test above means something."""
    broken = tmp_path / "docker-compose.yaml"
    broken.write_text(COMPOSE.read_text().replace("healthcheck:", "healthchek:", 1))
    assert check_schema(broken).returncode != 0


def test_runs_every_component_of_distributed_airflow(services: dict[str, Any]) -> None:
    components = {"apiserver", "scheduler", "dag-processor", "triggerer", "worker", "init"}
    assert {f"airflow-{name}" for name in components} | {"postgres", "redis"} <= set(services)


def test_embedded_aws_is_an_optional_profile_with_its_sandbox(services: dict[str, Any]) -> None:
    """Started only when asked for, and able to make the namespaces its sandbox needs."""
    assert services["local-aws"]["profiles"] == ["local-aws"]
    assert "seccomp:unconfined" in services["local-aws"]["security_opt"]
    assert not any("profiles" in s for name, s in services.items() if name != "local-aws")


def test_embedded_aws_is_given_no_secret(services: dict[str, Any]) -> None:
    """Neither .env nor a variable of Airflow's, since jobs run in the same container."""
    assert "env_file" not in services["local-aws"]
    needed = {"PYTHONPATH", "AWS_DEFAULT_REGION", "CONNECTION_CHECK_MAX_COUNT", "PIP_INDEX_URL"}
    assert set(services["local-aws"]["environment"]) == needed


def test_image_installs_the_pinned_requirements() -> None:
    """The image's Airflow is the one that requirements.txt pins."""
    dockerfile = yaml.safe_load(COMPOSE.read_text())["x-airflow"]["build"]["dockerfile_inline"]
    pins = dict(
        line.split("#")[0].strip().split("==")
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if "==" in line
    )
    assert f"FROM apache/airflow:{pins['apache-airflow']}-python3.11" in dockerfile
    assert "pip install --no-cache-dir -r /requirements.txt" in dockerfile


def test_image_owns_the_folders_of_named_volumes(services: dict[str, Any]) -> None:
    """Docker gives a new volume its owner from there; Airflow's image itself has the logs'."""
    dockerfile = yaml.safe_load(COMPOSE.read_text())["x-airflow"]["build"]["dockerfile_inline"]
    made = next(line for line in dockerfile.splitlines() if "install --directory" in line)
    airflows = [service for service in services.values() if "build" in service]
    targets = [
        v.split(":")[1] for service in airflows for v in service["volumes"] if v[0] not in "./"
    ]
    assert set(targets) == {"/opt/airflow/logs", *made.split("root ")[1].split()}


def test_everything_reachable_from_outside_is_bound_to_loopback(services: dict[str, Any]) -> None:
    ports = [port for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all("127.0.0.1" in port for port in ports)
