"""The services of `make up`: their order, their ports, and their health checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.demo import environment as env
from include.demo import migration, services
from include.demo.services import Service
from tests.include.demo.conftest import StubAirflow


@pytest.fixture(autouse=True)
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(env, "POSTGRES", tmp_path / "postgres")
    monkeypatch.setattr(env, "AIRFLOW_HOME", tmp_path / "airflow")
    return tmp_path


def by_name() -> dict[str, Service]:
    return {service.name: service for service in services.services()}


def test_airflow_starts_after_the_migration_and_runs_tasks_after_its_api() -> None:
    result = by_name()
    needs = {name: service.needs for name, service in result.items()}
    assert needs == {
        "postgres": None,
        "embedded-aws": None,
        "migration": "postgres",
        "api-server": "migration",
        "scheduler": "api-server",
        "dag-processor": "migration",
        "triggerer": "migration",
    }
    assert [name for name, service in result.items() if service.once] == ["migration"]


def test_a_migrated_database_is_not_migrated_again(laptop: Path) -> None:
    migration.stamp().parent.mkdir()
    migration.stamp().write_text(migration._installed())
    result = by_name()
    assert "migration" not in result
    assert result["api-server"].needs == "postgres"


def test_every_service_ends_with_the_supervisor() -> None:
    for service in by_name().values():
        assert service.command[0] == "setpriv", service.name
        assert "--pdeathsig" in service.command, service.name


def test_ports_can_be_chosen_and_are_shown() -> None:
    listening = [service for service in by_name().values() if service.port]
    assert {service.variable for service in listening} == {
        "PRODML_POSTGRES_PORT",
        "PRODML_AWS_PORT",
        "PRODML_AIRFLOW_PORT",
    }
    assert all(f":{service.port}" in service.address for service in listening)


def test_the_password_of_the_database_is_in_no_command_and_no_address() -> None:
    password = env.postgres().password
    service = by_name()["postgres"]
    assert password not in " ".join([*service.command, service.address])


@pytest.mark.parametrize(("answer", "healthy"), [("healthy", True), ("unhealthy", False)])
def test_a_part_of_airflow_is_what_its_health_page_says(
    stub: StubAirflow, monkeypatch: pytest.MonkeyPatch, answer: str, healthy: bool
) -> None:
    monkeypatch.setattr(services, "HEALTH", f"{stub.url}/api/v2/monitor/health")
    stub.answer("GET", "/monitor/health", {"dag_processor": {"status": answer}})
    result = by_name()
    assert result["dag-processor"].healthy() is healthy
    assert result["scheduler"].healthy() is False  # the page does not know it yet


def test_what_does_not_answer_is_not_healthy(
    stub: StubAirflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "HEALTH", "http://127.0.0.1:9/health")
    monkeypatch.setattr(env, "AWS_URL", "http://127.0.0.1:9")
    result = by_name()
    assert not result["api-server"].healthy()
    assert not result["embedded-aws"].healthy()
