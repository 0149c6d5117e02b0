"""Servers that are forked behave as started ones do."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from include.local_aws.testing import running_server
from tests.root import ROOT

KILLED = """
import os, pathlib, signal, sys
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
