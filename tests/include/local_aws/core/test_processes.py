from __future__ import annotations

import socket
import subprocess
import sys

import psutil

from include.local_aws.core.processes import free_port, is_listening

PARENT = """
import subprocess, sys, time
from include.local_aws.core.processes import die_with_parent

child = subprocess.Popen(["sleep", "600"], preexec_fn=die_with_parent)
print(child.pid, flush=True)
time.sleep(600)
"""


def test_child_ends_with_a_parent_that_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.kill()
    assert psutil.wait_procs([child], timeout=10)[1] == []


def test_free_port_can_be_bound_on_loopback() -> None:
    port = free_port()
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", port))
        assert free_port() != port


def test_port_is_listened_at_from_the_listening_on() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        assert not is_listening(port)
        listening.listen()
        assert is_listening(port)
    assert not is_listening(port)
