"""Workers run whole files, and every result reaches the process that reports it."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from tests.workers import Workers

CONFTEST = """
import os, pathlib, pytest

@pytest.fixture(scope="session", autouse=True)
def session():
    yield
    pathlib.Path("ended", str(os.getpid())).touch()

@pytest.fixture(autouse=True)
def process(request):
    pathlib.Path("ran", request.node.name).write_text(str(os.getpid()))
"""
PASSING = "def test_{0}_1(): pass\ndef test_{0}_2(): pass\n"
CRASHING = "import os\ndef test_crash(): os._exit(3)\ndef test_left(): print('out'); assert 0\n"
WAITING = """
import pathlib, time
def test_waits():
    while not pathlib.Path("reported", "test_fails").exists():
        time.sleep(0.1)
    time.sleep(1)  # until the process that got its report has stopped the workers
"""
WARNING = "import warnings\ndef test_warning(): warnings.warn('careful', DeprecationWarning)\n"


class Recorder:
    """Collect what a run reports, as the terminal does."""

    def __init__(self) -> None:
        self._process = os.getpid()  # workers have copies of this
        self.reports: dict[str, pytest.TestReport] = {}
        self.warnings: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and os.getpid() == self._process:
            name = report.nodeid.rpartition("::")[2]
            self.reports[name] = report
            Path("reported", name).touch()

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        self.warnings.append(f"{warning_message.category.__name__}: {warning_message.message}")

    @property
    def outcomes(self) -> dict[str, str]:
        return {name: report.outcome for name, report in sorted(self.reports.items())}


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pytest.ini").touch()
    folder = tmp_path / tmp_path.name  # the modules of no other test have this name
    for name in ("ran", "ended", "reported", folder.name):
        (tmp_path / name).mkdir()
    (folder / "conftest.py").write_text(CONFTEST)
    return folder


def run(suite: Path, *options: str) -> Recorder:
    """Run *suite* in two workers."""
    recorder = Recorder()
    own = ("-q", "-p", "no:cacheprovider", "--import-mode=importlib", suite.name)
    pytest.main([*own, *options], plugins=[Workers(2), recorder])
    return recorder


def process_of(test: str) -> str:
    return Path("ran", test).read_text()


def test_a_file_has_one_worker_whose_session_ends_once(suite: Path) -> None:
    for name in "abc":
        (suite / f"test_{name}.py").write_text(PASSING.format(name))
    assert set(run(suite).outcomes.values()) == {"passed"}
    assert len(list(Path("ran").iterdir())) == 6
    for name in "abc":
        assert process_of(f"test_{name}_1") == process_of(f"test_{name}_2")
    processes = {path.read_text() for path in Path("ran").iterdir()}
    assert len(processes) == 2
    assert processes == {path.name for path in Path("ended").iterdir()}


def test_a_single_file_stays_in_the_process_that_collects(suite: Path) -> None:
    (suite / "test_a.py").write_text(PASSING.format("a"))
    assert run(suite).outcomes == {"test_a_1": "passed", "test_a_2": "passed"}
    assert process_of("test_a_1") == str(os.getpid())


def test_a_crash_fails_its_test_and_the_others_of_the_file_run(suite: Path) -> None:
    (suite / "test_a.py").write_text(CRASHING)
    (suite / "test_b.py").write_text(WARNING)
    result = run(suite)
    assert result.outcomes == {
        "test_crash": "failed",
        "test_left": "failed",
        "test_warning": "passed",
    }
    assert "worker-0 ended with code 3." in str(result.reports["test_crash"].longrepr)
    assert result.reports["test_left"].capstdout == "out\n"
    assert result.warnings == ["DeprecationWarning: careful"]


def test_a_limit_of_failures_stops_all_workers(suite: Path) -> None:
    (suite / "test_a.py").write_text("def test_fails(): assert 0\n" + PASSING.format("a"))
    (suite / "test_b.py").write_text(WAITING + PASSING.format("b"))
    assert run(suite, "-x").outcomes == {"test_fails": "failed", "test_waits": "passed"}
