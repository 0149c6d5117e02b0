"""One look for all: the jobs that a triggerer waits for are listed together, not one by one.

A list call answers for a hundred jobs. Only what is no longer among the running ones is described.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from prodml.hooks.aws import code_of, is_blind
from prodml.hooks.jobs import Jobs
from prodml.hooks.pace import pause
from prodml.vocabulary import ENDPOINT, JobStatus, Json

log = logging.getLogger(__name__)
FEW = 2  # as many are described one by one: a list would cost as much
GATHER = 0.1  # seconds in which new triggers come together before they are looked for
DENIED = frozenset({"AccessDenied", "AccessDeniedException"})


@dataclass(eq=False)
class Subscription:
    """A trigger's interest in one job: what is seen of it arrives in *seen*."""

    name: str
    poll_interval: float
    group: str
    created: datetime | None
    began: float = field(default_factory=time.monotonic)
    seen: asyncio.Queue[Json | Exception] = field(default_factory=asyncio.Queue)


WATCHERS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Watcher]] = WeakKeyDictionary()


class Watcher:
    """Looks for all jobs of one kind that are waited for through one connection."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.calls = 0
        self._subscriptions: set[Subscription] = set()
        self._usual: dict[str, float] = {}  # seconds that the jobs of a group took lately
        self._loop: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._may_list = jobs.kind is not ENDPOINT

    @classmethod
    def of(cls, jobs: Jobs) -> Watcher:
        """The one watcher of this triggerer for such jobs."""
        watchers = WATCHERS.setdefault(asyncio.get_running_loop(), {})
        key = json.dumps([jobs.aws.arguments(), jobs.kind.noun], sort_keys=True, default=str)
        return watchers.setdefault(key, cls(jobs))

    def subscribe(self, subscription: Subscription) -> None:
        self._subscriptions.add(subscription)
        self._wake.set()
        if self._loop is None or self._loop.done():
            self._loop = asyncio.create_task(self._watch())

    def unsubscribe(self, subscription: Subscription) -> None:
        self._subscriptions.discard(subscription)

    async def _watch(self) -> None:
        while self._subscriptions:
            await asyncio.sleep(GATHER)
            self._wake.clear()
            try:
                await self._look()
            except Exception as error:
                if not is_blind(error):
                    log.exception("Cannot watch %ss", self.jobs.kind.words)
                log.warning("Cannot see any %s at the moment: %s", self.jobs.kind.words, error)
                self.jobs.aws.forget()
            await self._rest()

    async def _rest(self) -> None:
        now = time.monotonic()
        pauses = [
            pause(s.poll_interval, now - s.began, self._usual.get(s.group))
            for s in self._subscriptions
        ]
        if pauses:
            try:
                await asyncio.wait_for(self._wake.wait(), min(pauses))
            except TimeoutError:
                return

    async def _look(self) -> None:
        watched = {s.name for s in self._subscriptions}
        running = await self._running() if len(watched) > FEW else {}
        for name in watched & running.keys():
            self._tell(name, running[name])
        await asyncio.gather(*(self._describe(name) for name in watched - running.keys()))

    def _tell(self, name: str, seen: Json | Exception) -> None:
        for subscription in self._subscriptions:
            if subscription.name == name:
                subscription.seen.put_nowait(seen)

    async def _running(self) -> dict[str, Json]:
        """Summaries of the running jobs by name; none where listing is not allowed."""
        if not self._may_list:
            return {}
        try:
            return await asyncio.to_thread(self._list, [s.created for s in self._subscriptions])
        except Exception as error:
            if code_of(error) not in DENIED:
                raise
            log.warning("May not list %ss, describing each: %s", self.jobs.kind.words, error)
            self._may_list = False
            return {}

    def _list(self, created: list[datetime | None]) -> dict[str, Json]:
        kind = self.jobs.kind
        request: dict[str, Any] = {"StatusEquals": JobStatus.IN_PROGRESS.value, "MaxResults": 100}
        known = [moment for moment in created if moment]
        if len(known) == len(created):
            request["CreationTimeAfter"] = min(known) - timedelta(minutes=1)
        found: dict[str, Json] = {}
        while True:
            page = getattr(self.jobs.client, f"{kind.method('list')}s")(**request)
            self.calls += 1
            found |= {summary[kind.name_key]: summary for summary in page[f"{kind.noun}Summaries"]}
            if not (token := page.get("NextToken")):
                return found
            request["NextToken"] = token

    async def _describe(self, name: str) -> None:
        self.calls += 1
        try:
            found = await asyncio.to_thread(self.jobs.look, name)
        except Exception as error:  # noqa: BLE001 -- the trigger raises it, in its own task's log
            self._tell(name, error)
            return
        self._learn(name, found)
        self._tell(name, found)

    def _learn(self, name: str, found: Json) -> None:
        """Remember how long such a job takes, the latest ones counting most."""
        ended, created = found.get("LastModifiedTime"), found.get("CreationTime")
        if self.jobs.status(found) != JobStatus.COMPLETED or not ended or not created:
            return
        took = (ended - created).total_seconds()
        for group in {s.group for s in self._subscriptions if s.name == name}:
            self._usual[group] = (self._usual.get(group, took) + took) / 2
