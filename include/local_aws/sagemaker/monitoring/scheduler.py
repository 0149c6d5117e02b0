"""The loop of monitoring schedules: start due executions, and follow running ones."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from ...core.store import Doc
from ...core.supervision import Tasks, keep_running
from . import executions, windows
from .executions import SCHEDULE

if TYPE_CHECKING:
    from ...core.account import Aws

log = logging.getLogger(__name__)
STATUS = "MonitoringScheduleStatus"
POLL = 10.0  # AWS seconds between two rounds


class MonitoringScheduler:
    """Starts executions on time, and follows those that have not ended."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._open: list[str] = []
        self._tasks = Tasks("The monitoring schedules")

    async def start(self) -> None:
        """Resume executions after a crash or a restart."""
        self._open = [
            doc["Id"]
            for doc in self._aws.store.list(executions.KIND)
            if doc[executions.STATUS] in executions.OPEN
        ]
        self._tasks.begin(keep_running("The monitoring schedules", self._run))

    async def stop(self) -> None:
        await self._tasks.stop()

    async def _run(self) -> None:
        pause = max(0.05, min(1.0, self._aws.clock.real(POLL)))
        while True:
            await self.tick()
            await asyncio.sleep(pause)

    async def tick(self) -> None:
        for schedule in self._aws.store.list(SCHEDULE):
            self._start_if_due(schedule)
        for identity in list(self._open):
            execution = self._aws.store.get(executions.KIND, identity) or {}
            running = execution.get(executions.STATUS) in executions.OPEN
            if not running or await self._advanced(execution):
                self._open.remove(identity)

    async def _advanced(self, execution: Doc) -> bool:
        """Take an execution's next step; an unexpected error fails it, and not the others."""
        try:
            return await executions.advance(self._aws, execution)
        except Exception:
            log.exception("Execution %s failed inside the embedded AWS", execution["Id"])
            return executions.fail(self._aws, execution)

    def _start_if_due(self, schedule: Doc) -> None:
        name = schedule["MonitoringScheduleName"]
        if schedule[STATUS] == "Pending":
            schedule = self._aws.store.update(SCHEDULE, name, **{STATUS: "Scheduled"})
        if schedule[STATUS] != "Scheduled":
            return
        clock, due = self._due(schedule)
        if due is not None:
            self._aws.store.update(SCHEDULE, name, LastDue=due)
            self._open.append(executions.begin(self._aws, schedule, due, clock))

    def _due(self, schedule: Doc) -> tuple[windows.ScheduleClock, float | None]:
        """Return the due time by the schedule's clock; NOW is due once, in real time."""
        config, now = schedule["MonitoringScheduleConfig"], self._aws.clock.now()
        if windows.expression(config) == windows.NOW:
            due = None if schedule.get("LastDue") else now
            return windows.ScheduleClock(now, 1.0), due
        clock = windows.ScheduleClock(schedule["Since"], self._aws.clock.scale)
        last = schedule.get("LastDue") or schedule["Since"]
        return clock, windows.last_due(config, last, clock.nominal(now))
