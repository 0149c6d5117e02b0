"""One running container: a process group whose output is read line by line."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable

from ..core.options import Sandbox
from .command import Box, Command
from .confinement import confined
from .process_use import by_parent
from .sandbox import enclosed

Log = Callable[[str], None]
LINE = 1 << 20
STARTING = 0.02  # seconds between two attempts to signal a job that its wrappers are starting
LONGEST = 100_000  # bytes of one variable; Linux accepts 128 KiB including its name


class StartFailed(RuntimeError):
    """Raised for a command that cannot be executed as requested; the message says why."""


class Container:
    """A container from `Container.start`; it ends by itself, by `stop`, or with the server."""

    def __init__(self, process: asyncio.subprocess.Process, command: Command, log: Log) -> None:
        self._process = process
        self._command = command
        self._log = log
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, box: Box, argv: list[str], mode: Sandbox, log: Log) -> Container:
        _check(box, argv)
        command = enclosed(box, argv, mode)
        words, confine = confined(box, command)
        try:
            process = await asyncio.create_subprocess_exec(
                *words,
                env={},
                cwd=command.cwd,
                pass_fds=command.descriptors,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=confine,
                limit=LINE,
            )
        except OSError as error:
            raise StartFailed(f"ClientError: The container cannot be started: {error}") from None
        finally:
            command.close()
        return cls(process, command, log)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    async def wait(self) -> int:
        """Return the exit code, once the last line has been read."""
        await self._reader
        return await self._process.wait()

    async def stop(self, patience: float) -> None:
        """Send SIGTERM to the processes inside, and SIGKILL after *patience* seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not self._terminate() and self.returncode is None:
                    await asyncio.sleep(STARTING)
                await self._process.wait()
        self.kill()
        await self._process.wait()

    def kill(self) -> None:
        """Kill all processes inside, without waiting for their end."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, self._command.end)

    def _terminate(self) -> bool:
        """Send SIGTERM to the job only: the end of its wrappers would kill it.

        Return whether the job was there: its wrappers start it a moment after their own start.
        """
        children = by_parent([self._process.pid])
        inside = [self._process.pid]
        for _ in range(self._command.wrappers):
            inside = [child for pid in inside for child in children[pid]]
        family = list(inside)
        for member in family:  # grows during the iteration
            family += children[member]
            with contextlib.suppress(ProcessLookupError):
                os.kill(member, signal.SIGTERM)
        return bool(inside)

    async def _read(self) -> None:
        output = self._process.stdout
        if output is None:
            return
        while True:
            try:
                line = await output.readline()
            except ValueError:  # a line longer than LINE: the rest is read as further lines
                continue
            if not line:
                return
            self._log(line.decode(errors="replace").rstrip("\r\n"))


def _check(box: Box, argv: list[str]) -> None:
    for name, value in box.environment.items():
        if "\0" in name + value or "=" in name:
            raise StartFailed(
                f"ClientError: Environment variable {name!r} has a NUL character in it, or `=` in "
                "its name, which no process can have. Remove it."
            )
        if len(value.encode()) > LONGEST:
            raise StartFailed(
                f"ClientError: Environment variable {name!r} has more than {LONGEST} bytes. "
                "Shorten it."
            )
    for word in argv:
        if "\0" in word:
            raise StartFailed(
                f"ClientError: {word!r} has a NUL character in it, which no command can contain. "
                "Remove it."
            )
