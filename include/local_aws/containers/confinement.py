"""Limit a container's first process before its program; its children inherit the limits.

Programs do it where they can. A function between fork and exec, which the reaper and an isolated
network need, makes Linux copy the page tables of the whole server: that takes longer than they do.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
from collections.abc import Callable
from functools import cache

from .bubblewrap import PRLIMIT, SETPRIV
from .command import Box, Command
from .isolated_network import IsolatedNetwork
from .seccomp import confine_self, program

FILE_SIZE = 10 << 30
GRACE = 300  # seconds: a process that is being stopped may still save its model
CAPABILITIES = 64
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER = 1, 24, 36


def confined(box: Box, command: Command) -> tuple[list[str], Callable[[], None] | None]:
    """Return the words that run *command* in *box*, and the function to call before their exec."""
    shared = isinstance(box.network, IsolatedNetwork)
    if command.end != signal.SIGKILL or shared or not _programs_work():
        return command.argv, _confinement(box, command)
    return [*_by_programs(_limits(box)), *command.argv], None


def _confinement(box: Box, command: Command) -> Callable[[], None]:
    limits, filtered = _limits(box), program()

    def confine() -> None:
        if isinstance(box.network, IsolatedNetwork):
            box.network.enter()
        follow_server(command)
        for name, limit in limits.items():
            resource.setrlimit(getattr(resource, f"RLIMIT_{name.upper()}"), (limit, limit))
        if command.end != signal.SIGKILL:  # bubblewrap does both itself
            if not command.changes_user:
                _drop_capabilities()
            confine_self(filtered)

    return confine


def _limits(box: Box) -> dict[str, int]:
    """Return the limits of each process by the names of Linux, in bytes and CPU seconds."""
    limits = {"data": box.memory, "fsize": FILE_SIZE, "core": 0}
    if box.seconds is not None:
        limits["cpu"] = int((box.seconds + GRACE) * (os.cpu_count() or 1))
    return limits


def _by_programs(limits: dict[str, int]) -> list[str]:
    """Return the command prefix that does for bubblewrap as the function does."""
    follow = [SETPRIV, "--pdeathsig", "KILL", "--"]
    return [*follow, PRLIMIT, *(f"--{name}={limit}" for name, limit in limits.items()), "--"]


@cache
def _programs_work() -> bool:
    """Return whether this machine has both programs: BusyBox has others of the same names."""
    test = [*_by_programs({"core": 0}), "true"]
    try:
        return subprocess.run(test, capture_output=True, timeout=10, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def follow_server(command: Command) -> None:
    """Ask Linux to end *command* with the server, and to make it the parent of orphans."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_PDEATHSIG, command.end)
    if command.end != signal.SIGKILL:
        prctl(PR_SET_CHILD_SUBREAPER, 1)


def _drop_capabilities() -> None:
    """Drop the capabilities that programs of root would regain; other users have none to drop."""
    prctl = ctypes.CDLL(None).prctl
    for capability in range(CAPABILITIES):
        prctl(PR_CAPBSET_DROP, capability)
