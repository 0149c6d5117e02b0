"""Servers that are forked behave as started ones do."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from include.local_aws.testing import running_server


def test_process_can_be_waited_for_and_killed(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        assert server.process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired, match=str(server.process.pid)):
            server.process.wait(0.1)
        server.kill()
        assert server.process.returncode == -signal.SIGKILL
        assert not psutil.pid_exists(server.process.pid)
        server.process.terminate()  # of an ended process, which does nothing
