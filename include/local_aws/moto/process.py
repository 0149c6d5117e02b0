"""The process that moto runs in: started before anything else, and restarted if it dies."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol

from ..core.options import Options
from ..core.processes import die_with_parent, free_port, is_listening
from . import access

log = logging.getLogger(__name__)
RETRY_DELAY = 1.0  # seconds until a failed start is retried


class Child(Protocol):
    """A child process, as `subprocess.Popen` shows it."""

    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def wait(self) -> int: ...
    def terminate(self) -> None: ...


def started(arguments: Sequence[str], key: str) -> Child:
    """Start moto in an interpreter of its own."""
    command = [sys.executable, "-m", f"{__package__}.server", *arguments]
    environment = os.environ | {access.VARIABLE: key}
    return subprocess.Popen(command, env=environment, preexec_fn=die_with_parent)


class MotoProcess:
    """Runs moto during a with block."""

    launch: Callable[[Sequence[str], str], Child] = staticmethod(started)

    def __init__(self, options: Options) -> None:
        self.port = free_port()
        self.key = access.new_key()
        self.starts = 0
        self._arguments = [
            *(str(self.port), str(options.data_dir / "s3"), options.region, options.url),
            options.iam,
        ]

    def __enter__(self) -> MotoProcess:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait()

    async def ready(self) -> None:
        """Return once it listens; raise RuntimeError if it exits before."""
        while not is_listening(self.port):
            if self._process.poll() is not None:
                raise RuntimeError(
                    f"moto exited with code {self._process.returncode} while starting."
                )
            await asyncio.sleep(0.02)

    async def keep_running(self) -> None:
        """Restart moto when it dies; its acknowledged writes are on disk."""
        while True:
            await self._ended()
            log.error("moto exited with code %s; restarting.", self._process.returncode)
            self._start()
            try:
                await self.ready()
            except RuntimeError:
                log.exception("moto failed to start; retrying.")
                await asyncio.sleep(RETRY_DELAY)

    async def _ended(self) -> None:
        """Return once the process has ended; a thread waits for it, so that nothing polls."""
        loop, ended, process = asyncio.get_running_loop(), asyncio.Event(), self._process

        def wait() -> None:
            process.wait()
            with contextlib.suppress(RuntimeError):  # the server ends, and its loop is closed
                loop.call_soon_threadsafe(ended.set)

        threading.Thread(target=wait, daemon=True).start()
        await ended.wait()

    def _start(self) -> None:
        self.starts += 1
        self._process = self.launch(self._arguments, self.key)
