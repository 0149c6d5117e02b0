"""Run one command without namespaces, and leave no process of it behind.

A separate program without the server's environment. It imports very little, since every start of a
container waits for it. Linux makes it the parent of orphans below it (see `confinement.py`), in any
session. It kills them when the command ends, at SIGTERM, and when the server ends.
"""

from __future__ import annotations

import _signal as signal  # type: ignore[import-not-found]  # `signal` is slow to import
import marshal
import os
import sys

WATCHED = {signal.SIGTERM, signal.SIGCHLD}


def main(descriptor: int, server: int) -> int:
    """Run the command in *descriptor* for the process *server*; return its exit code."""
    with open(descriptor, "rb") as file:
        argv, environment = marshal.loads(file.read())  # noqa: S302  (written by the server)
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    if os.getppid() != server:  # the server ended before its end could be signalled
        return 1
    command = os.fork()
    if command == 0:
        _execute(argv, environment)
    for stream in (1, 2):
        os.close(stream)  # else the command's output would stay open until this process ends
    code = _watch(command)
    _kill_all()
    return code


def _execute(argv: list[str], environment: dict[str, str]) -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
    try:
        os.execvpe(argv[0], argv, environment)  # noqa: S606
    except OSError as error:
        os.write(2, f"{argv[0]}: {error.strerror}\n".encode())
    os._exit(127)


def _watch(command: int) -> int:
    """Reap processes until the command ends, or until all are to be killed."""
    while True:
        if signal.sigwait(WATCHED) == signal.SIGTERM:
            return 137  # as after a SIGKILL
        ended = 1
        while ended:
            ended, status = os.waitpid(-1, os.WNOHANG)
            if ended == command:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code


def _kill_all() -> None:
    """Kill all processes below, even if they fork meanwhile."""
    try:
        while True:
            for pid in _descendants():
                _kill(pid)
            os.waitpid(-1, 0)
    except ChildProcessError:
        return


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return


def _descendants() -> list[int]:
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                parent = int(file.read().rpartition(b")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    pids = children.get(os.getpid(), [])
    for pid in pids:
        pids += children.get(pid, [])
    return pids


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
