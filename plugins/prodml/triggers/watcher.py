"""One look for all: the jobs that a triggerer waits for are listed together, not one by one.

A list call answers for a hundred jobs, so many that are due are listed, and few are described. Only
what is no longer among the running ones is described besides, and in turn, within the budget of
calls of a look, what is followed.
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
from prodml.triggers.subscription import NEWEST, Subscription
from prodml.vocabulary import ENDPOINT, TRAINING, TUNING, JobStatus, Json

log = logging.getLogger(__name__)
FEW = 2  # as many are described one by one: a list would cost as much
BUDGET = 6  # calls of a look, besides those for jobs that have ended
A_CALL = 1.0  # seconds of rest after each call of a look, or the poll interval if that is shorter
MEASURED = (TRAINING, TUNING)  # whose descriptions say more than a list: metrics
NEWS = 30.0  # seconds between two descriptions of a job that is followed
LEAST = 3  # characters that names have in common to be worth a filter

WATCHERS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Watcher]] = WeakKeyDictionary()


class Watcher:
    """Looks for all jobs of one kind that are waited for through one connection."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self._subscriptions: dict[str, list[Subscription]] = {}  # by the job's name
        self._usual: dict[str, float] = {}  # seconds that the jobs of a group took lately
        self._loop: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._may_list = jobs.kind is not ENDPOINT
        self._pages = 1  # calls that the last list took
        self._free = 0.0  # when the next look may begin

    @classmethod
    def of(cls, jobs: Jobs) -> Watcher:
        """The one watcher of this triggerer for such jobs; its clients serve all their triggers."""
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
            await self._rest()
            cost = BUDGET
            try:
                cost = await self._look()
            except Exception as error:
                if not is_transient(error):
                    log.exception("Cannot watch %ss", self.jobs.kind.words)
                log.warning("Cannot see any %s at the moment: %s", self.jobs.kind.words, error)
                self.jobs.aws.forget()
            shortest = min((s.poll_interval for s in self._all()), default=0.0)
            self._free = time.monotonic() + min(SLOWEST, cost * min(A_CALL, shortest))
        self.jobs.aws.forget()  # whoever comes next reads the connection anew

    async def _rest(self) -> None:
        """Wait until a job is due and the last look is paid for."""
        while everyone := self._all():
            left = max(self._free, min(s.due for s in everyone)) - time.monotonic()
            if left <= 0:
                return
            self._wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), left)

    async def _look(self) -> int:
        """Look at what is due, the cheaper way; return the calls that it took."""
        now = time.monotonic()
        watched = set(self._subscriptions)
        asked = {s.name for s in self._all() if s.due <= now}
        cost = len(asked)
        if len(asked) > max(FEW, self._pages) and (running := await self._running()) is not None:
            for name in watched & running.keys():
                self._tell(name, running[name])
            asked, cost = watched - running.keys(), self._pages
        asked |= self._followed(now, BUDGET - cost)
        await asyncio.gather(*(self._describe(name) for name in asked))
        return cost

    def _followed(self, now: float, most: int) -> set[str]:
        """At most *most* names of followed jobs of which a description would be news."""
        if self.jobs.kind not in MEASURED or not self._may_list:
            return set()
        old = [
            s
            for s in NEWEST
            if s in self._subscriptions.get(s.name, ()) and s.described < now - NEWS
        ]
        return {s.name for s in sorted(old, key=lambda s: s.described)[: max(0, most)]}

    def _tell(self, name: str, seen: Json | Exception) -> None:
        for subscription in self._subscriptions.get(name, ()):
            subscription.tell(seen, self._usual.get(subscription.group))

    async def _running(self) -> dict[str, Json] | None:
        """Summaries of the running jobs by name; None where listing is not allowed."""
        if not self._may_list:
            return None
        try:
            return await asyncio.to_thread(self._list, self._filter())
        except Exception as error:
            if code_of(error) not in DENIED:
                raise
            log.warning("May not list %ss, describing each: %s", self.jobs.kind.words, error)
            self._may_list = False
            return None

    def _filter(self) -> Json:
        """What shows all that are watched, and few of those that are not."""
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
        found: dict[str, Json] = {}
        pages = 0
        while True:
            page, pages = self.jobs.call("list", **request), pages + 1
            found |= {summary[kind.name_key]: summary for summary in page[f"{kind.noun}Summaries"]}
            if not (token := page.get("NextToken")):
                self._pages = pages
                return found
            request["NextToken"] = token

    async def _describe(self, name: str) -> None:
        try:
            found = await asyncio.to_thread(self.jobs.look, name)
        except Exception as error:  # noqa: BLE001 -- the trigger raises it, in its own task's log
            self._tell(name, error)
            return
        for subscription in self._subscriptions.get(name, ()):
            subscription.described = time.monotonic()
            self._learn(subscription.group, found)
        self._tell(name, found)

    def _learn(self, group: str, found: Json) -> None:
        """Remember how long such a job takes, the latest ones counting most."""
        ended, created = found.get("LastModifiedTime"), found.get("CreationTime")
        if self.jobs.status(found) != JobStatus.COMPLETED or not ended or not created:
            return
        took = (ended - created).total_seconds()
        self._usual[group] = (self._usual.get(group, took) + took) / 2
