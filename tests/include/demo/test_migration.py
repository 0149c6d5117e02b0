"""The database is migrated once for each version of Airflow."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from include.demo import environment as env
from include.demo import migration


@pytest.fixture(autouse=True)
def airflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program `airflow` next to the interpreter, which notes its arguments and succeeds."""
    monkeypatch.setattr(env, "POSTGRES", tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    program = tmp_path / "airflow"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\nexit 0\n')
    program.chmod(0o755)
    return program


def test_a_migration_is_remembered_with_the_data(airflow: Path) -> None:
    assert not migration.is_done()
    assert migration.migrate() == 0
    assert migration.is_done()
    assert airflow.with_name("called").read_text() == "db migrate\n"


def test_another_version_of_airflow_migrates_again() -> None:
    migration.stamp().write_text("3.2.0")
    assert not migration.is_done()


def test_a_failed_migration_is_not_remembered(airflow: Path) -> None:
    airflow.write_text("#!/bin/sh\nexit 3\n")
    assert migration.migrate() == 3
    assert not migration.is_done()
