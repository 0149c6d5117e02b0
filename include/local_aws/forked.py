"""Embedded AWSs that are forked from one process, which has loaded everything once, also moto.

A start costs two seconds of CPU time less than with new interpreters. `ForkServer` is the side of
the tests; the other one is this module as a program.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from .core.garbage import collect_seldom, spare_present_objects
from .core.processes import die_with_parent

POLL, LONGEST_POLL = 0.02, 0.25  # seconds between two checks of a process that is waited for


class ForkServer:
    """Starts embedded AWSs; it ends with the process that created it and all forks of that one.

    Those may share it: each request comes by a connection of its own.
    """

    def __init__(self, root: Path, environment: Mapping[str, str], program: str = __name__) -> None:
        """Start the process that forks, with *root* on its path.

        :param environment: Its variables; each child gets its own at its start.
        :param program: The module that it runs, which gets the number of a socket.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", program, str(theirs.fileno())],
                cwd=root,
                env=dict(environment),
                pass_fds=[theirs.fileno()],
            )
        self._control = ours

    def start(
        self, arguments: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> ForkedProcess:
        """Start a child with these variables that appends its output to *log*."""
        request = {"arguments": arguments, "environment": dict(environment), "log": str(log)}
        return ForkedProcess(self, int(self.ask(request)))

    def ask(self, request: dict[str, Any]) -> Any:
        ours, theirs = socket.socketpair()
        with ours, ours.makefile("rwb") as stream:
            with theirs:
                socket.send_fds(self._control, [b"\0"], [theirs.fileno()])
            stream.write(json.dumps(request).encode() + b"\n")
            stream.flush()
            return json.loads(stream.readline())


class ForkedProcess:
    """A forked child as `subprocess.Popen` shows one."""

    def __init__(self, parent: ForkServer, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._parent = parent

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._parent.ask({"ended": self.pid})
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        began = time.monotonic()
        while (code := self.poll()) is None:
            waited = time.monotonic() - began
            if timeout is not None and waited > timeout:
                raise subprocess.TimeoutExpired(f"the forked process {self.pid}", timeout)
            time.sleep(min(POLL + waited / 20, LONGEST_POLL))
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def main(descriptor: int) -> None:
    """Fork servers until the other side closes its end of the socket."""
    if not is_needed(descriptor):
        return
    collect_seldom()
    from . import __main__, server  # noqa: F401  (for the children)
    from .moto.forked import forked, preload
    from .moto.process import MotoProcess

    preload()
    read_models()
    gc.collect()
    spare_present_objects()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to the tests, which end this
    request = served(descriptor)
    if request:
        become(request)
        MotoProcess.launch = staticmethod(forked)
        __main__.main()


def is_needed(descriptor: int) -> bool:
    """Wait for the first request; return whether there is one before the other side closes."""
    with socket.socket(fileno=os.dup(descriptor)) as control:
        return bool(control.recv(1, socket.MSG_PEEK))


def read_models() -> None:
    """Read the models of botocore that each server needs, which botocore and `wire` cache."""
    from .core.account import client
    from .core.options import Options
    from .core.role_credentials import Keys
    from .wire.model import TARGETED, operation, service

    for name in TARGETED:
        service(name)
    operation("sagemaker", "CreateTrainingJob")
    options = Options()
    client(options, Keys("none", "none"), options.region, "s3").close()


def served(descriptor: int) -> dict[str, Any] | None:
    """Answer requests; return, in a child, the one to be executed, and None in the end."""
    with socket.socket(fileno=descriptor) as control:
        while connection := _accepted(control):
            # The process that asked may have been killed.
            with suppress(ConnectionError), connection, connection.makefile("rwb") as stream:
                if not (line := stream.readline()):
                    continue
                request: dict[str, Any] = json.loads(line)
                answer = _exit_code(request["ended"]) if "ended" in request else os.fork()
                if answer == 0 and "ended" not in request:
                    return request
                stream.write(json.dumps(answer).encode() + b"\n")
    return None


def _accepted(control: socket.socket) -> socket.socket | None:
    """Return the connection of the next request; None if the other side has closed its end."""
    _, descriptors, _, _ = socket.recv_fds(control, 1, 1)
    return socket.socket(fileno=descriptors[0]) if descriptors else None


def _exit_code(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def become(request: dict[str, Any]) -> None:
    """Take over the arguments, variables, output and signals of a new process."""
    die_with_parent()  # which ends with the tests, also when they are killed
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv[1:] = request["arguments"]
    log = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)


if __name__ == "__main__":
    main(int(sys.argv[1]))
