"""The command line of the reaper, which leaves no process of a command behind."""

from __future__ import annotations

import marshal
import os
import signal
import sys
from pathlib import Path

from .command import Command

REAPER = Path(__file__).with_name("reaper.py")
# The environment's interpreter starts slower: it searches for packages, which are not needed.
PYTHON = str(getattr(sys, "_base_executable", sys.executable))


def reaped(argv: list[str], environment: dict[str, str], cwd: Path) -> Command:
    """Return the command that runs *argv* with *environment* in the folder *cwd*.

    The reaper itself does not get the variables: it may be root, and LD_PRELOAD may be among them.
    """
    opened = os.memfd_create("order")
    os.write(opened, marshal.dumps((argv, environment)))
    os.lseek(opened, 0, os.SEEK_SET)
    words = [PYTHON, "-I", "-S", str(REAPER), str(opened), str(os.getpid())]
    return Command(words, cwd, [opened], 1, signal.SIGTERM)
