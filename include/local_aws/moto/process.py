"""The process that moto runs in: started before anything else, and restarted if it dies."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from types import TracebackType

from ..core.options import Options
from ..core.processes import die_with_parent, free_port
from . import access

log = logging.getLogger(__name__)
POLL = 0.1  # seconds between two checks that it runs
RETRY_DELAY = 1.0  # seconds until a failed start is retried


class MotoProcess:
    """Runs moto during a with block."""

    def __init__(self, options: Options) -> None:
        self.port = free_port()
        self.key = access.new_key()
        self.starts = 0
        self._command = [
            *(sys.executable, "-m", f"{__package__}.server"),
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
        while not await self._listens():
            if self._process.poll() is not None:
                raise RuntimeError(
                    f"moto exited with code {self._process.returncode} while starting."
                )
            await asyncio.sleep(0.02)

    async def keep_running(self) -> None:
        """Restart moto when it dies; its acknowledged writes are on disk."""
        while True:
            while self._process.poll() is None:
                await asyncio.sleep(POLL)
            log.error("moto exited with code %s; restarting.", self._process.returncode)
            self._start()
            try:
                await self.ready()
            except RuntimeError:
                log.exception("moto failed to start; retrying.")
                await asyncio.sleep(RETRY_DELAY)

    def _start(self) -> None:
        self.starts += 1
        environment = os.environ | {access.VARIABLE: self.key}
        self._process = subprocess.Popen(self._command, env=environment, preexec_fn=die_with_parent)

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True
