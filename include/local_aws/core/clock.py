"""The clock of the embedded AWS: timestamps are real, only waits are shortened."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """Real time whose waits are divided by *scale*."""

    def __init__(self, scale: float = 1.0) -> None:
        if scale <= 0:
            raise ValueError(f"time scale {scale!r} is not positive; use 1 for real time.")
        self.scale = scale

    def now(self) -> float:
        """Return the seconds since the epoch."""
        return time.time()

    def real(self, aws_seconds: float) -> float:
        """Return the real seconds that a wait of *aws_seconds* takes."""
        return aws_seconds / self.scale

    async def sleep(self, aws_seconds: float) -> None:
        await asyncio.sleep(self.real(aws_seconds))


class ManualClock(Clock):
    """A clock that only moves when a test moves it."""

    def __init__(self, start: float = 1_700_000_000.0) -> None:
        super().__init__()
        self._now = start

    def now(self) -> float:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds

    async def sleep(self, aws_seconds: float) -> None:
        self.advance(aws_seconds)
        await asyncio.sleep(0)
