"""The start of a Spark job, with a shell script for `smspark-submit`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from include.jobs.drift import container
from include.jobs.spark import start

SUBMIT = '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/given"\nexit 3\n'


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the program and of the messages of a job."""
    program = tmp_path / "smspark-submit"
    program.write_text(SUBMIT)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(sys, "argv", ["start", "split", "--raw", "/opt/ml/raw"])
    monkeypatch.setattr(container, "MESSAGE", tmp_path / "message")
    monkeypatch.setattr(start, "SAID", tmp_path / "message.spark")
    return tmp_path


def test_the_application_gets_the_arguments_and_its_code_is_the_jobs(folder: Path) -> None:
    assert start.main() == 3
    application, *given = (folder / "given").read_text().splitlines()
    assert Path(application).is_file()
    assert given == ["spark.preprocess", "split", "--raw", "/opt/ml/raw"]
    assert not (folder / "message").exists()


def test_the_message_of_the_application_is_that_of_the_job(folder: Path) -> None:
    (folder / "message.spark").write_text("FAILED: 2024-01-01.csv has no header. Add one.")
    (folder / "message").write_text("Algorithm Error: smspark-submit")
    assert start.main() == 3
    assert (folder / "message").read_text().startswith("FAILED: 2024-01-01.csv has no header")
