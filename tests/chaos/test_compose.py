"""docker-compose.yaml as the suite reads it: variables, hosts and folders of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos.compose import Compose, example, interpolated

SECRET = {"PRODML_SECRET_KEY": "s3cret"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("db+postgresql://airflow:${PASSWORD:-airflow}@postgres/", "db+postgresql://airflow:airflow@postgres/"),
        ("${SET:-else} ${SET} ${UNSET}", "here here "),
        ("${EMPTY:-}", ""),
        ("${SET:?say it}", "here"),
        ("$${PRODML_UI_USER:-admin}", "${PRODML_UI_USER:-admin}"),
    ],
)  # fmt: skip
def test_variables_are_put_in_as_compose_does(text: str, value: str) -> None:
    assert interpolated(text, {"SET": "here"}) == value


def test_missing_variable_is_reported(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="openssl rand -hex 64"):
        Compose(tmp_path, {}, example()).environment("airflow-worker")


def test_hosts_and_folders_become_those_of_this_machine(tmp_path: Path) -> None:
    hosts = {"@redis:6379": "@127.0.0.1:7000", "http://local-aws:4566": "http://127.0.0.1:5000"}
    compose = Compose(tmp_path, hosts, example() | SECRET)
    environment = compose.environment("airflow-worker")
    assert environment["AIRFLOW__CELERY__BROKER_URL"] == "redis://:@127.0.0.1:7000/0"
    assert environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:5000"
    assert environment["AIRFLOW__API_AUTH__JWT_SECRET"] == "s3cret"
    assert environment["PYTHONPATH"] == f"{tmp_path}/opt/airflow:{tmp_path}/opt/airflow/plugins"
    assert f"--data-dir {tmp_path}/data --cache-dir {tmp_path}/data/images" in " ".join(
        compose.command("local-aws")
    )


def test_a_service_sees_only_what_is_mounted(tmp_path: Path) -> None:
    compose = Compose(tmp_path, {}, SECRET)
    compose.mount("airflow-scheduler")
    mounted = {path.name for path in compose.home.iterdir()}
    assert mounted == {"dags", "plugins", "include", "infra", "landing", "logs"}
