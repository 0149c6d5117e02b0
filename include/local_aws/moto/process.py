"""The process that moto runs in: started before anything else, and again when it dies."""

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
POLL = 0.1  # seconds between two looks whether it still runs
TRY_AGAIN = 1.0  # seconds until one that does not start is started again


class MotoProcess:
    """Runs for the length of a with block; it imports its half of the code beside our own."""

    def __init__(self, options: Options) -> None:
        self.port = free_port()
        self.key = access.new_key()
        self._command = [
            *(sys.executable, "-m", f"{__package__}.server"),
            *(str(self.port), str(options.data_dir / "s3"), options.region, options.url),
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
        """Return once it listens; raises RuntimeError when it ends before that."""
        while not await self._listens():
            if self._process.poll() is not None:
                raise RuntimeError(f"moto ended with code {self._process.returncode} at its start.")
            await asyncio.sleep(0.02)

    async def keep_running(self) -> None:
        """What moto acknowledged is on disk, so a new one can take over from one that died."""
        while True:
            while self._process.poll() is None:
                await asyncio.sleep(POLL)
            log.error("moto ended with code %s; starting it again.", self._process.returncode)
            self._start()
            try:
                await self.ready()
            except RuntimeError:
                log.exception("moto does not start; trying again.")
                await asyncio.sleep(TRY_AGAIN)

    def _start(self) -> None:
        environment = os.environ | {access.VARIABLE: self.key}
        self._process = subprocess.Popen(self._command, env=environment, preexec_fn=die_with_parent)

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True
