"""One running container: a process group whose lines are read as they come."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
from collections.abc import Callable

import psutil

from ..core.options import Sandbox
from ..core.processes import die_with_parent
from .sandbox import Box, Command, enclosed

Log = Callable[[str], None]
MEMORY = 8 << 30  # bytes of data a process may hold: an ml.m5.large has as much
FILE_SIZE = 10 << 30
LINE = 1 << 20
LONGEST = 100_000  # bytes of one variable; Linux takes 128 KiB with its name


class StartFailed(RuntimeError):
    """Raised for a command that cannot be executed as it was asked for; the message says why."""


class Container:
    """Started by `Container.start`; ends by itself, by `stop`, or with the server."""

    def __init__(self, process: asyncio.subprocess.Process, log: Log) -> None:
        self._process = process
        self._log = log
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, box: Box, argv: list[str], mode: Sandbox, log: Log) -> Container:
        _check(box, argv)
        command: Command = enclosed(box, argv, mode)
        process = await asyncio.create_subprocess_exec(
            *command.argv,
            env=command.environment,
            cwd=command.cwd,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_confine,
            limit=LINE,
        )
        return cls(process, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    async def wait(self) -> int:
        """The exit code, once its last line has been read."""
        await self._reader
        return await self._process.wait()

    async def stop(self, patience: float) -> None:
        """SIGTERM to what runs inside, *patience* seconds, then SIGKILL to all of it."""
        self._terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._process.wait()), patience)
        self.kill()
        await self._process.wait()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _terminate(self) -> None:
        """Not to bubblewrap itself: its end would be a SIGKILL for the job."""
        with contextlib.suppress(psutil.NoSuchProcess):
            me = psutil.Process(self._process.pid)
            inside = [p for p in (me, *me.children(recursive=True)) if p.name() != "bwrap"]
            for process in inside:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.terminate()

    async def _read(self) -> None:
        output = self._process.stdout
        if output is None:
            return
        while True:
            try:
                line = await output.readline()
            except ValueError:  # a line longer than LINE: its rest is read as further lines
                continue
            if not line:
                return
            self._log(line.decode(errors="replace").rstrip("\r\n"))


def _check(box: Box, argv: list[str]) -> None:
    for name, value in box.environment.items():
        if "\0" in name + value or "=" in name:
            raise StartFailed(
                f"ClientError: Environment variable {name!r} has a NUL character in it, or `=` in "
                "its name, which no process can be given. Take it out."
            )
        if len(value.encode()) > LONGEST:
            raise StartFailed(
                f"ClientError: Environment variable {name!r} has more than {LONGEST} bytes."
            )
    for word in argv:
        if "\0" in word:
            raise StartFailed(
                f"ClientError: {word!r} has a NUL character in it, which no command can be given."
            )


def _confine() -> None:
    """Between fork and exec: limits, and an end no later than the server's."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
