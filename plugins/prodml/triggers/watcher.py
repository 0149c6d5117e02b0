"""List the jobs that a triggerer waits for together, instead of describing each one.

One list call covers a hundred jobs. A poll lists the running jobs if many are due, and describes
each one if few are. Jobs that are no longer running are described, and so are followed jobs, in
turn, within the poll's budget of calls.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from contextlib import suppress
from datetime import timedelta
from weakref import WeakKeyDictionary

from prodml.aws.errors import DENIED, code_of, is_transient
from prodml.jobs.jobs import Jobs
from prodml.jobs.polling import SLOWEST
from prodml.triggers.rule_feed import RuleFeed
from prodml.triggers.subscription import NEWEST, Subscription
from prodml.vocabulary import AUTOML, ENDPOINT, TRAINING, TUNING, JobStatus, Json

log = logging.getLogger(__name__)
FEW = 2  # up to this number, jobs are described one by one
BUDGET = 6  # calls per poll, in addition to those for jobs that have ended
A_CALL = 1.0  # seconds of pause per call of a poll, or the poll interval if that is shorter
MEASURED = (TRAINING, TUNING, AUTOML)  # kinds whose descriptions have metrics, which lists lack
NEWS = 30.0  # seconds between two descriptions of a followed job
LEAST = 3  # characters of a common prefix to filter by

WATCHERS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Watcher]] = WeakKeyDictionary()


class Watcher:
    """Poll all jobs of one kind that are waited for through one connection."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.feed = RuleFeed(jobs)
        self._subscriptions: dict[str, list[Subscription]] = {}  # by the job's name
        self._usual: dict[str, float] = {}  # recent duration of a group's jobs, in seconds
        self._loop: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._may_list = jobs.kind is not ENDPOINT
        self._pages = 1  # calls of the last list
        self._free = 0.0  # earliest time of the next poll

    @classmethod
    def of(cls, jobs: Jobs) -> Watcher:
        """Return this triggerer's only watcher for such jobs; its triggers share its clients."""
        watchers = WATCHERS.setdefault(asyncio.get_running_loop(), {})
        key = json.dumps([jobs.aws.arguments(), jobs.kind.noun], sort_keys=True, default=str)
        return watchers.setdefault(key, cls(jobs))

    def subscribe(self, subscription: Subscription) -> None:
        self._subscriptions.setdefault(subscription.name, []).append(subscription)
        NEWEST.join(subscription)
        self._wake.set()
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._watch())

    def unsubscribe(self, subscription: Subscription) -> None:
        NEWEST.leave(subscription)
        mates = self._subscriptions[subscription.name]
        mates.remove(subscription)
        if not mates:
            del self._subscriptions[subscription.name]

    def _all(self) -> list[Subscription]:
        return [s for mates in self._subscriptions.values() for s in mates]

    async def _watch(self) -> None:
        while self._subscriptions:
            await self._pause()
            cost = BUDGET
            try:
                cost = await self._poll()
            except Exception as error:
                if not is_transient(error):
                    log.exception("Cannot watch %ss", self.jobs.kind.words)
                log.warning("Cannot reach AWS to poll any %s: %s", self.jobs.kind.words, error)
                self.jobs.aws.forget()
            shortest = min((s.poll_interval for s in self._all()), default=0.0)
            self._free = time.monotonic() + min(SLOWEST, cost * min(A_CALL, shortest))
        self.jobs.aws.forget()  # the next subscription reads the connection again

    async def _pause(self) -> None:
        """Wait until a job is due and the pause after the last poll is over."""
        while subscriptions := self._all():
            left = max(self._free, min(s.due for s in subscriptions)) - time.monotonic()
            if left <= 0:
                return
            self._wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), left)

    async def _poll(self) -> int:
        """Poll the jobs that are due, in the cheaper way; return the number of calls."""
        now = time.monotonic()
        watched = set(self._subscriptions)
        asked = {s.name for s in self._all() if s.due <= now}
        cost = len(asked)
        if len(asked) > max(FEW, self._pages) and (running := await self._running()) is not None:
            for name in watched & running.keys():
                self._notify(name, running[name])
            asked, cost = watched - running.keys(), self._pages
        asked |= self._followed(now, BUDGET - cost)
        await asyncio.gather(*(self._describe(name) for name in asked))
        return cost

    def _followed(self, now: float, most: int) -> set[str]:
        """Return at most *most* names of followed jobs whose last description is old."""
        if self.jobs.kind not in MEASURED or not self._may_list:
            return set()
        old = [
            s
            for s in NEWEST
            if s in self._subscriptions.get(s.name, ()) and s.described < now - NEWS
        ]
        return {s.name for s in sorted(old, key=lambda s: s.described)[: max(0, most)]}

    def _notify(self, name: str, seen: Json | Exception) -> None:
        for subscription in self._subscriptions.get(name, ()):
            subscription.notify(seen, self._usual.get(subscription.group))

    async def _running(self) -> dict[str, Json] | None:
        """Return summaries of the running jobs by name; None if listing is denied."""
        if not self._may_list:
            return None
        try:
            return await asyncio.to_thread(self._list, self._filter())
        except Exception as error:
            if code_of(error) not in DENIED:
                raise
            log.warning(
                "Listing %ss is denied; describing each one: %s", self.jobs.kind.words, error
            )
            self._may_list = False
            return None

    def _filter(self) -> Json:
        """Return a list request that covers all watched jobs and few others."""
        request: Json = {"StatusEquals": JobStatus.IN_PROGRESS.value, "MaxResults": 100}
        common = os.path.commonprefix(list(self._subscriptions))  # noqa: RUF071 -- no paths
        if len(common) >= LEAST:
            request["NameContains"] = common
        created = [s.created for s in self._all()]
        known = [moment for moment in created if moment]
        if len(known) == len(created):
            request["CreationTimeAfter"] = min(known) - timedelta(minutes=1)
        return request

    def _list(self, request: Json) -> dict[str, Json]:
        kind = self.jobs.kind
        summaries: dict[str, Json] = {}
        pages = 0
        while True:
            page, pages = self.jobs.call("list", **request), pages + 1
            summaries |= {
                summary[kind.name_key]: summary for summary in page[f"{kind.noun}Summaries"]
            }
            if not (token := page.get("NextToken")):
                self._pages = pages
                return summaries
            request["NextToken"] = token

    async def _describe(self, name: str) -> None:
        try:
            description = await asyncio.to_thread(self.jobs.poll, name)
        except Exception as error:  # noqa: BLE001 -- the trigger raises it, in its own task's log
            self._notify(name, error)
            return
        for subscription in self._subscriptions.get(name, ()):
            subscription.described = time.monotonic()
            self._learn(subscription.group, description)
        self._notify(name, description)

    def _learn(self, group: str, description: Json) -> None:
        """Remember the duration of such jobs; recent ones weigh most."""
        ended, created = description.get("LastModifiedTime"), description.get("CreationTime")
        if self.jobs.status(description) != JobStatus.COMPLETED or not ended or not created:
            return
        took = (ended - created).total_seconds()
        self._usual[group] = (self._usual.get(group, took) + took) / 2
