"""Temporary files of the tests lie in one folder, and those of a killed run are removed."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.temporary_files import PREFIX, use_own_folder


def test_files_of_this_run_have_a_folder_and_those_of_ended_runs_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.delenv("PYTEST_DEBUG_TEMPROOT", raising=False)
    ended = subprocess.Popen(["true"])
    ended.wait()
    for process in (ended.pid, os.getppid()):
        (tmp_path / f"{PREFIX}{process}" / "airflow-1").mkdir(parents=True)
    own = use_own_folder()
    assert {path.name for path in tmp_path.iterdir()} == {own.name, f"{PREFIX}{os.getppid()}"}
    assert Path(tempfile.mkdtemp()).parent == own
    child = subprocess.check_output(["mktemp", "--directory"], text=True)
    assert Path(child.strip()).parent == own
    assert os.environ["PYTEST_DEBUG_TEMPROOT"] == str(tmp_path)
