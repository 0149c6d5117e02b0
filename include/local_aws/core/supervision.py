"""Restart background work that fails."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds: a full disk must not fill the log as well


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
