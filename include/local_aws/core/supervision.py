"""Background tasks of a part of the server, and the restart of work that fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds: a full disk must not fill the log as well


class Tasks:
    """Holds the tasks of one part until they end: asyncio itself may drop a running task."""

    def __init__(self, noun: str) -> None:
        """Name the tasks by *noun* in the log."""
        self._noun = noun
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Start *work*; an exception that it raises is logged."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("%s failed", self._noun, exc_info=error)

    async def stop(self) -> None:
        """Cancel the running tasks, and wait for their end."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def keep_running(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Run *work* until it returns, and again after a pause whenever it raises."""
    pause, loop = FIRST_PAUSE, asyncio.get_running_loop()
    while True:
        began = loop.time()
        try:
            await work()
        except Exception:
            if loop.time() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            log.exception("%s failed; restarting in %.0f s.", name, pause)
        else:
            return
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
