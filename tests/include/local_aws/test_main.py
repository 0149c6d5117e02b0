"""The command: `python -m include.local_aws`."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from include.local_aws.testing import Server, running_server
from tests.root import ROOT


def family(server: Server) -> list[psutil.Process]:
    process = psutil.Process(server.process.pid)
    return [process, *process.children(recursive=True)]


def gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, timeout=10)[1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_process_is_left_behind(tmp_path: Path, number: signal.Signals) -> None:
    """Whichever way it ends, its children end with it."""
    with running_server(tmp_path) as server:
        processes = family(server)
        assert len(processes) > 1
        server.process.send_signal(number)
        server.process.wait(30)
        assert gone(processes)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_ends_well(tmp_path: Path, number: signal.Signals) -> None:
    with running_server(tmp_path) as server:
        server.process.send_signal(number)
        assert server.process.wait(30) == 0
    assert "Traceback" not in server.output.read_text()


def test_ready_line_names_the_address(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        line = f"The embedded AWS answers on {server.url}"
        deadline = time.monotonic() + 10
        while line not in server.output.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert line in server.output.read_text()


@pytest.mark.parametrize(
    "arguments", [["--time-scale", "0"], ["--sandbox", "magic"], ["--port", "http"]]
)
def test_bad_option_is_refused_in_a_sentence(tmp_path: Path, arguments: list[str]) -> None:
    command = [sys.executable, "-m", "include.local_aws", "--data-dir", str(tmp_path), *arguments]
    ended = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert arguments[0] in ended.stderr


def test_taken_port_is_said(tmp_path: Path) -> None:
    with running_server(tmp_path / "first") as server:
        port = server.url.rpartition(":")[2]
        command = [sys.executable, "-m", "include.local_aws", "--port", port]
        ended = subprocess.run(
            [*command, "--data-dir", str(tmp_path / "second")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode not in (0, None)
        assert "address already in use" in ended.stderr
