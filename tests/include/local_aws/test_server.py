"""The server starts, logs its URL, and shuts down."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from include.local_aws.core.options import Options
from include.local_aws.server import _listening
from include.local_aws.testing import running_server
from tests.root import ROOT


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_ends_the_server_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    with running_server(tmp_path) as server:
        server.process.send_signal(number)
        assert server.process.wait(30) == 0
    assert "Traceback" not in server.output.read_text()


def test_ready_line_names_the_address(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        line = f"The embedded AWS is listening on {server.url}"
        deadline = time.monotonic() + 10
        while line not in server.output.read_text() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert line in server.output.read_text()


def test_a_port_in_use_is_reported(tmp_path: Path) -> None:
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
        assert f"Cannot listen on port {port} of 127.0.0.1: Address already in" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_no_part_of_a_response_waits_for_an_acknowledgement(tmp_path: Path) -> None:
    """Two writes of a response would be 40 ms apart where the client delays its acknowledgement."""
    with (
        _listening(Options(data_dir=tmp_path, port=0)) as listening,
        socket.create_connection(listening.getsockname()),
    ):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
