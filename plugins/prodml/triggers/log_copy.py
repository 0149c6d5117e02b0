"""Copy the lines of a job that a trigger waits for into its task's log, and apply rules to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from prodml.aws.shared_log import read_rest
from prodml.jobs.examiner import Examiner
from prodml.jobs.log_follower import Follower
from prodml.triggers.rule_feed import Member, RuleFeed


class LogCopy:
    """
    Copies what is new at each poll.

    :param is_wanted: Returns whether to copy the log at present.
    """

    def __init__(self, follower: Follower, is_wanted: Callable[[], bool]) -> None:
        self.follower = follower
        self._is_wanted = is_wanted

    async def update(self) -> None:
        """Copy what is new of a running job."""
        await self._copy(self.follower.lines)

    async def finish(self) -> None:
        """Copy the rest of a job that has ended."""
        await self._copy(self.follower.rest)

    def close(self) -> None:
        """End the copying, also of a trigger that is cancelled."""

    async def _copy(self, read: Callable[[], list[str]]) -> None:
        if self._is_wanted():
            self._print(await asyncio.to_thread(read))

    def _print(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.follower.logger.info("%s", line)


class JudgedLog(LogCopy):
    """Applies rules to what the feed reads, as soon as it has read it, and copies it."""

    def __init__(
        self,
        examiner: Examiner,
        is_wanted: Callable[[], bool],
        feed: RuleFeed,
        since: datetime,
    ) -> None:
        super().__init__(examiner, is_wanted)
        self._examiner, self._feed = examiner, feed
        self._member = Member(examiner.name, examiner.examined, since, examiner.poll_interval)
        self._has_ended = False
        feed.join(self._member)
        self._watching = asyncio.create_task(self._watch())

    async def update(self) -> None:
        """Leave the reading to the feed."""

    async def finish(self) -> None:
        """Apply the rules to the last lines if they are copied; the task reads all of the log."""
        self._feed.leave(self._member)
        self._has_ended = True
        self._member.news.set()
        await self._watching
        if self._is_wanted():
            self._print(await asyncio.to_thread(self._rest))

    def close(self) -> None:
        self._feed.leave(self._member)
        self._watching.cancel()

    async def _watch(self) -> None:
        while not self._has_ended:
            await self._member.news.wait()
            self._member.news.clear()
            if self._member.problem:
                self._warn(self._member.problem)
            lines = await asyncio.to_thread(self._new)
            if self._is_wanted():
                self._print(lines)

    def _warn(self, problem: str) -> None:
        self._examiner.logger.warning(
            "%s. Allow logs:FilterLogEvents. The report of the ended job has all findings.", problem
        )
        self._member.problem = None

    def _new(self) -> list[str]:
        return self._examiner.judged(*self._member.take())

    def _rest(self) -> list[str]:
        jobs, inbox = self._examiner.jobs, self._member.inbox
        read_rest(jobs.aws.client("logs"), jobs.kind.log_group, inbox)
        return self._examiner.judged_rest(inbox.take())


def log_copy(
    follower: Follower, is_wanted: Callable[[], bool], feed: RuleFeed, since: datetime
) -> LogCopy:
    """Return how to copy the log of *follower*'s job; rules read it from the time *since*."""
    if isinstance(follower, Examiner):
        return JudgedLog(follower, is_wanted, feed, since)
    return LogCopy(follower, is_wanted)
