"""Hold one trigger's interest in one job: when to poll it, and whether to copy its log."""

from __future__ import annotations

import asyncio
import math
import time
from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from prodml.jobs.polling import pause
from prodml.vocabulary import Json

FOLLOWED = 20  # newest jobs whose log lines and metrics a triggerer copies
GATHER = 0.1  # seconds to collect new triggers before the first poll


@dataclass(eq=False)
class Subscription:
    """A queue of descriptions, *seen*; all times are of the monotonic clock."""

    name: str
    poll_interval: float
    group: str
    created: datetime | None
    follow: bool = False
    seen: asyncio.Queue[Json | Exception] = field(default_factory=asyncio.Queue)
    began: float = field(init=False)
    due: float = field(init=False)
    described: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        now = time.monotonic()
        age = (datetime.now(UTC) - self.created).total_seconds() if self.created else 0.0
        self.began = now - max(0.0, age)
        first = self.began + self.poll_interval if self.created else now
        self.due = max(now + GATHER, first)

    def notify(self, seen: Json | Exception, usual: float | None) -> None:
        """Pass on a description; *usual* is the usual duration of such jobs, in seconds."""
        now = time.monotonic()
        self.due = now + pause(self.poll_interval, now - self.began, usual)
        self.seen.put_nowait(seen)


class Newest:
    """The *most* newest subscriptions among those that follow their log."""

    def __init__(self, most: int = FOLLOWED) -> None:
        self._most = most
        self._all: list[Subscription] = []

    def join(self, subscription: Subscription) -> None:
        if subscription.follow:
            insort(self._all, subscription, key=_since)

    def leave(self, subscription: Subscription) -> None:
        if subscription in self._all:
            self._all.remove(subscription)

    def __iter__(self) -> Iterator[Subscription]:
        return iter(self._all[-self._most :])


def _since(subscription: Subscription) -> float:
    """Return the time of the job's creation; a job without one is just being created."""
    created = subscription.created
    return created.timestamp() if created else math.inf


NEWEST = Newest()  # of this triggerer, over all kinds of jobs and connections
