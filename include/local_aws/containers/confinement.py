"""What happens between fork and exec of a container's first process: limits that stay with it."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Callable

from .command import Box, Command
from .isolated_network import IsolatedNetwork
from .seccomp import confine_self, program

MEMORY = 8 << 30  # bytes of data a process may hold: an ml.m5.large has as much
FILE_SIZE = 10 << 30
GRACE = 300  # seconds: a process that is to be stopped may still save its model
CAPABILITIES = 64
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER = 1, 24, 36


def confinement(box: Box, command: Command) -> Callable[[], None]:
    """Return what the first process of *box* does before it becomes *command*."""
    cores = os.cpu_count() or 1
    filtered = program()

    def confine() -> None:
        if isinstance(box.network, IsolatedNetwork):
            box.network.enter()
        follow_server(command)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if box.seconds is not None:
            computing = int((box.seconds + GRACE) * cores)
            resource.setrlimit(resource.RLIMIT_CPU, (computing, computing))
        if command.end != signal.SIGKILL:  # bubblewrap does the rest by itself
            if not command.changes_user:
                _drop_capabilities()
            confine_self(filtered)

    return confine


def follow_server(command: Command) -> None:
    """Ask Linux to end *command* when the server is gone, and to give it what is orphaned."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_PDEATHSIG, command.end)
    if command.end != signal.SIGKILL:
        prctl(PR_SET_CHILD_SUBREAPER, 1)


def _drop_capabilities() -> None:
    """Take from root's programs what they would have again; others are not allowed to, or asked."""
    prctl = ctypes.CDLL(None).prctl
    for capability in range(CAPABILITIES):
        prctl(PR_CAPBSET_DROP, capability)
