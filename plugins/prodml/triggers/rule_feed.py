"""Read the log and the resource use of all jobs that rules watch, for all triggers together.

A call of FilterLogEvents covers up to a hundred jobs, and one of GetMetricData up to 500 metrics.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime

from prodml.aws.errors import DENIED, code_of, is_transient
from prodml.aws.logs import Line
from prodml.aws.shared_log import Inbox, SharedLog
from prodml.debugger.observations import Observation
from prodml.jobs.examined import Examined
from prodml.jobs.examiner import USAGE_EVERY, reading_interval
from prodml.jobs.jobs import Jobs
from prodml.jobs.usage import read_usage

log = logging.getLogger(__name__)
A_CALL = 1.0  # seconds between two calls, or the poll interval if that is shorter


class Member:
    """One trigger's part of the feed: *news* is set when there is something to take."""

    def __init__(self, job: str, examined: Examined, since: datetime, poll_interval: float) -> None:
        now = time.monotonic()
        self.poll_interval = poll_interval
        self.news = asyncio.Event()
        self.inbox = Inbox(job, since, last_read=now)
        self.usage = examined.watched_usage(job, datetime.now(UTC))
        self.observations: list[Observation] = []
        self.problem: str | None = None  # why the log cannot be read

    def take(self) -> tuple[list[Line], list[Observation]]:
        """Return what was read since the last call."""
        observations, self.observations = self.observations, []
        return self.inbox.take(), observations


class RuleFeed:
    """Reads for its members in turn, with at most one call of a kind at a time."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._log = SharedLog(jobs.kind.log_group)
        self._members: set[Member] = set()
        self._loop: asyncio.Task[None] | None = None
        self._usage_read = time.monotonic()
        self._may_read = True

    def join(self, member: Member) -> None:
        self._members.add(member)
        self._log.join(member.inbox)
        if self._loop is None or self._loop.done():
            self._may_read = True
            self._loop = asyncio.create_task(self._read_in_turn())

    def leave(self, member: Member) -> None:
        self._members.discard(member)
        self._log.leave(member.inbox)

    async def _read_in_turn(self) -> None:
        while self._members:
            shortest = min(member.poll_interval for member in self._members)
            await asyncio.sleep(min(A_CALL, shortest))
            members = list(self._members)
            try:
                await asyncio.to_thread(self._read_log, reading_interval(shortest))
                await asyncio.to_thread(self._read_usage, members)
            except Exception as error:  # noqa: BLE001 -- the jobs run, whatever is read of them
                self._note(error, members)
            for member in members:
                if member.inbox or member.observations:
                    member.news.set()

    def _read_log(self, every: float) -> None:
        if self._may_read:
            self._log.read(self._jobs.aws.client("logs"), time.monotonic(), every)

    def _read_usage(self, members: list[Member]) -> None:
        now = time.monotonic()
        if now - self._usage_read < USAGE_EVERY:
            return
        self._usage_read = now
        readers = {member: member.usage for member in members if member.usage}
        new = read_usage(self._jobs.aws, list(readers.values()))
        for member, observations in zip(readers, new, strict=True):
            member.observations += observations

    def _note(self, error: Exception, members: list[Member]) -> None:
        """Try again later, or report to the tasks that their rules see no log."""
        if code_of(error) in DENIED:
            self._may_read = False
            for member in members:
                member.problem = f"Rules cannot read the log: {error}"
                member.news.set()
        elif is_transient(error):
            log.warning("Cannot read logs for rules; trying again: %s", error)
            self._jobs.aws.forget()
        else:
            log.error("Cannot read logs for rules", exc_info=error)
