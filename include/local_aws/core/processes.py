"""Child processes that never outlive the server."""

from __future__ import annotations

import ctypes
import signal
import socket
import sys

PR_SET_PDEATHSIG = 1
LONGEST_WAIT = 0.1  # seconds for a program that has too many connections to accept


def die_with_parent() -> None:
    """Ask Linux, between fork and exec, to kill this child when the server ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def free_port() -> int:
    """Return a free port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listening(port: int) -> bool:
    """Return whether a program accepts connections at a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(LONGEST_WAIT)
        return probe.connect_ex(("127.0.0.1", port)) == 0
