"""The command line of AWS's Spark image, and the message that a failed job leaves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.include.local_aws.images.modules import modules_of
from tests.include.local_aws.images.spark.conftest import SPARK, run_on


@pytest.fixture
def smspark(base: Path) -> Iterator[Any]:
    with modules_of(SPARK) as load:
        yield load("smspark")


def test_options_end_at_the_application(smspark: Any) -> None:
    given, application = smspark.parsed(["--class", "org.Main", "-v", "app.jar", "--files", "x"])
    assert application == ["app.jar", "--files", "x"]
    assert smspark.options(given) == ["--class", "org.Main", "--verbose"]


def test_a_folder_of_an_option_stands_for_its_files(smspark: Any, base: Path) -> None:
    modules = base / "modules"
    (modules / "nested").mkdir(parents=True)
    for name in ("b.py", "a.py"):
        (modules / name).touch()
    given, _ = smspark.parsed(["--py-files", str(modules), "--jars", "s3://b/x.jar", "app.py"])
    files = f"{modules}/a.py,{modules}/b.py"
    assert smspark.options(given) == ["--jars", "s3://b/x.jar", "--py-files", files]


def test_event_logs_are_taken_and_not_handed_on(smspark: Any) -> None:
    given, _ = smspark.parsed(["--spark-event-logs-s3-uri", "s3://b/logs", "app.py"])
    assert smspark.options(given) == []


@pytest.mark.parametrize("code", [0, 3])
def test_the_application_runs_on_one_instance_and_its_code_is_the_jobs(
    smspark: Any, base: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], env: dict[str, str], **_: Any) -> Any:
        commands.append(command)
        assert env["SPARK_HOME"] == str(base / "pyspark")
        assert env["JAVA_HOME"] == str(base / "java")
        return subprocess.CompletedProcess(command, code)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(sys, "argv", ["smspark-submit", "app.py", "--rows", "5"])
    if not code:
        smspark.main()
        assert not (base / "output" / "message").exists()
    else:
        with pytest.raises(SystemExit, match="3"):
            smspark.main()
        message = (base / "output" / "message").read_text()
        cause = "Algorithm Error: (caused by CalledProcessError): "
        assert message == f"{cause}spark failed with a non-zero exit code: 3"
    (command,) = commands
    assert command[0] == str(base / "pyspark" / "bin" / "spark-submit")
    assert command[1:3] == ["--master", "local[*]"]
    assert command[-3:] == ["app.py", "--rows", "5"]


def test_several_instances_are_refused(
    smspark: Any, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_on(base, "algo-1", "algo-2")
    monkeypatch.setattr(sys, "argv", ["smspark-submit", "app.py"])
    with pytest.raises(SystemExit):
        smspark.main()
    assert "Set InstanceCount to 1, or use AWS." in (base / "output" / "message").read_text()


def test_a_long_message_is_cut_to_what_sagemaker_takes(smspark: Any, base: Path) -> None:
    with pytest.raises(SystemExit):
        smspark.fail("InputError", "x" * 2000)
    assert len((base / "output" / "message").read_text()) == 1024
