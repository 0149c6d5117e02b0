"""Limit a container's first process between fork and exec; its children inherit the limits."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Callable

from .command import Box, Command
from .isolated_network import IsolatedNetwork
from .seccomp import confine_self, program

FILE_SIZE = 10 << 30
GRACE = 300  # seconds: a process that is being stopped may still save its model
CAPABILITIES = 64
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_CHILD_SUBREAPER = 1, 24, 36


def confinement(box: Box, command: Command) -> Callable[[], None]:
    """Return the function that the first process of *box* calls before it executes *command*."""
    cores = os.cpu_count() or 1
    filtered = program()

    def confine() -> None:
        if isinstance(box.network, IsolatedNetwork):
            box.network.enter()
        follow_server(command)
        resource.setrlimit(resource.RLIMIT_DATA, (box.memory, box.memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if box.seconds is not None:
            computing = int((box.seconds + GRACE) * cores)
            resource.setrlimit(resource.RLIMIT_CPU, (computing, computing))
        if command.end != signal.SIGKILL:  # bubblewrap does both itself
            if not command.changes_user:
                _drop_capabilities()
            confine_self(filtered)

    return confine


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
