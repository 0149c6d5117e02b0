"""Each combination of versions has a lock that fits it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.matrix import environments
from tests.matrix.environments import ENVIRONMENTS, MissingPythonError, interpreter_of


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_lock_has_the_airflow_of_its_name_and_only_versions(name: str) -> None:
    environment = ENVIRONMENTS[name]
    lines = environment.lock.read_text().splitlines()
    packages = [line for line in lines if not line.startswith("#")]
    assert f"apache-airflow=={environment.airflow}" in packages
    assert [line for line in packages if "==" not in line or "/" in line] == []


@pytest.mark.parametrize("name", [name for name, e in ENVIRONMENTS.items() if e.mwaa])
def test_a_lock_of_mwaa_states_its_source(name: str) -> None:
    lock = ENVIRONMENTS[name].lock.read_text()
    assert f"images/airflow/{ENVIRONMENTS[name].airflow}/etc, as of 20" in lock
    assert "\nsagemaker-experiments==" in lock
    assert "\nsagemaker==" not in lock


def test_a_missing_python_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(environments, "PYENV", tmp_path)
    with pytest.raises(MissingPythonError, match=r"No Python 3\.12 .* `pyenv install 3\.12`"):
        interpreter_of("3.12")
