"""One environment for the demo, Airflow and the embedded AWS; the user's own stays outside."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from include.demo import environment as env
from include.settings import ROOT, read


@pytest.fixture(autouse=True)
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(env, "AIRFLOW_HOME", tmp_path / "airflow")
    return tmp_path


def test_the_users_aws_and_airflow_are_never_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "secret")
    monkeypatch.setenv("AIRFLOW__CORE__EXECUTOR", "KubernetesExecutor")
    monkeypatch.setenv("PRODML_CAPTURE_LAG_MINUTES", "9")
    result = env.local_environment()
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & result.keys()
    assert result["AIRFLOW__CORE__EXECUTOR"] == "LocalExecutor"
    assert result["AWS_ENDPOINT_URL"] == env.AWS_URL
    assert result["PRODML_CAPTURE_LAG_MINUTES"] == "9"  # the project's own are the user's to set


def test_the_settings_accept_it_and_read_where_rows_land() -> None:
    assert read(env.local_environment()).landing == str(env.LANDING)


def test_programs_of_the_environment_come_first_and_the_project_is_importable() -> None:
    result = env.local_environment()
    assert result["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
    assert result["PYTHONPATH"].split(os.pathsep) == [str(ROOT), str(ROOT / "plugins")]


def test_airflow_is_on_postgresql() -> None:
    address = env.local_environment()["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    assert address == env.postgres().url
    assert address.endswith(f"@127.0.0.1:{env.POSTGRES_PORT}/airflow")


def test_secrets_survive_a_restart_and_are_the_users_own(laptop: Path) -> None:
    first, second = env.local_environment(), env.local_environment()
    secret = "AIRFLOW__API_AUTH__JWT_SECRET"
    assert first[secret] == second[secret]
    assert first[secret] != first["AIRFLOW__API__SECRET_KEY"]
    files = list((laptop / "airflow").glob("*.secret"))
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_the_one_user_can_sign_in(laptop: Path) -> None:
    env.write_passwords()
    result = env.local_environment()
    path = Path(result["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
    assert json.loads(path.read_text()) == {env.USER: env.PASSWORD}
    assert result["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] == f"{env.USER}:admin"


@pytest.mark.parametrize("text", ["99999", "0", "-1", "http", ""])
def test_a_port_that_cannot_exist_is_refused_with_its_variable(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRODML_AWS_PORT", text)
    message = f"PRODML_AWS_PORT is '{text}'. Set it to a port from 1 to 65535."
    with pytest.raises(SystemExit, match=f"^{message}$"):
        env._port("PRODML_AWS_PORT", 4566)
    monkeypatch.delenv("PRODML_AWS_PORT")
    assert env._port("PRODML_AWS_PORT", 4566) == 4566


@pytest.mark.parametrize("text", ["fast", "0", "-1", "nan", "inf", ""])
def test_a_time_scale_that_divides_nothing_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRODML_TIME_SCALE", text)
    message = f"PRODML_TIME_SCALE is '{text}'. Set it to a number above 0."
    with pytest.raises(SystemExit, match=f"^{message}$"):
        env._time_scale("PRODML_TIME_SCALE", 20.0)
    monkeypatch.setenv("PRODML_TIME_SCALE", "2.5")
    assert env._time_scale("PRODML_TIME_SCALE", 20.0) == 2.5
