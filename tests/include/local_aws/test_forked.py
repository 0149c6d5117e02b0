"""Servers that are forked behave as started ones do."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from include.local_aws.forked import served
from include.local_aws.testing import running_server
from tests.root import ROOT

KILLED = """
import os, pathlib, signal, sys
from include.local_aws.forked import served
from include.local_aws.testing import running_server
with running_server(pathlib.Path(sys.argv[1])) as server:
    print(server.process.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_process_can_be_waited_for_and_killed(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        assert server.process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired, match=str(server.process.pid)):
            server.process.wait(0.1)
        server.kill()
        assert server.process.returncode == -signal.SIGKILL
        assert not psutil.pid_exists(server.process.pid)
        server.process.terminate()  # of an ended process, which does nothing


def test_requests_of_processes_that_were_killed_end_no_server() -> None:
    ours, theirs = socket.socketpair()
    server = threading.Thread(target=served, args=[theirs.detach()])
    server.start()

    def connected() -> socket.socket:
        here, there = socket.socketpair()
        with there:
            socket.send_fds(ours, [b"\0"], [there.fileno()])
        return here

    with subprocess.Popen(["sleep", "60"]) as child, ours:
        connected().close()
        request = json.dumps({"ended": child.pid}).encode() + b"\n"
        with connected() as killed:
            killed.sendall(request)
        with connected() as connection:
            connection.sendall(request)
            assert connection.recv(100) == b"null\n"
        child.kill()
    server.join(10)
    assert not server.is_alive()


def test_server_ends_with_tests_that_are_killed(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(int(ended.stdout)).wait(10)
