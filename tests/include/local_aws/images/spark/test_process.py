"""The program of the Spark image: that of the request's arguments alone."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

from tests.include.local_aws.images.spark.conftest import SPARK, run_on


def test_a_request_without_an_entry_point_submits_its_arguments(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_on(base, "algo-1", "algo-2")
    monkeypatch.setattr(sys, "argv", ["process.py", "app.py"])
    with pytest.raises(SystemExit, match="1"):
        runpy.run_path(str(SPARK / "process.py"), run_name="__main__")
    message = (base / "output" / "message").read_text()
    assert message.startswith("Algorithm Error: (caused by InputError): ")


def test_the_arguments_must_name_an_application(
    base: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["process.py", "--verbose"])
    with pytest.raises(SystemExit, match="2"):
        runpy.run_path(str(SPARK / "process.py"), run_name="__main__")
    assert "the following arguments are required: app" in capsys.readouterr().err
