"""Read the logs of many jobs of one log group together.

One call of FilterLogEvents covers up to a hundred jobs whose names begin alike. AWS allows five
such calls in a second in the regions with the lowest quota.
"""

from __future__ import annotations

import math
import os
import threading
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prodml.aws.errors import is_absent
from prodml.aws.logs import Line
from prodml.vocabulary import Json

MOST = 100  # jobs of one call
LEAST = 3  # characters that the names of the jobs of one call share
LATE = 20_000  # milliseconds by which a line may arrive after a newer one
NEAR = 60_000  # milliseconds between the positions of jobs of one call,
SPREAD = 1.1  # or this ratio between their distances from the newest position
REST = 10  # pages read at most of a job that has ended


@dataclass(eq=False)
class Inbox:
    """
    The lines of one job that its owner has not taken yet.

    :param job: The job's name.
    :param since: The time of the first line to read.
    """

    job: str
    since: datetime
    position: int = field(init=False)  # milliseconds since 1970 from which to read
    last_read: float = -math.inf
    _lines: list[Line] = field(init=False, default_factory=list)
    _seen: dict[str, int] = field(init=False, default_factory=dict)  # times of recent events by id
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.position = max(0, int(self.since.timestamp() * 1000))

    def __bool__(self) -> bool:
        return bool(self._lines)

    def take(self) -> list[Line]:
        """Return the lines since the last call."""
        with self._lock:
            lines, self._lines = self._lines, []
        return lines

    def add(self, event: Json) -> None:
        """Add an event of the job once, however often it is read."""
        at = event["timestamp"]
        with self._lock:
            if at >= self.position and event["eventId"] not in self._seen:
                self._seen[event["eventId"]] = at
                self._lines.append(Line(at / 1000, event["message"].rstrip()))

    def advance(self, newest: int | None, now: float) -> None:
        """Record a complete reading, whose newest event has the time *newest*."""
        with self._lock:
            self.last_read = now
            self.position = max(self.position, (newest or 0) - LATE)
            self._seen = {name: at for name, at in self._seen.items() if at >= self.position}


class Reading:
    """A search of a log group for the new lines of some jobs, page by page."""

    def __init__(self, group: str, inboxes: Sequence[Inbox], prefix: str) -> None:
        self.inboxes = inboxes
        self._by_job: dict[str, list[Inbox]] = defaultdict(list)
        for inbox in inboxes:
            self._by_job[inbox.job].append(inbox)
        self._request = {
            "logGroupName": group,
            "logStreamNamePrefix": prefix,
            "startTime": min(inbox.position for inbox in inboxes),
        }
        self._newest: int | None = None

    def page(self, logs: Any, now: float) -> bool:
        """Read a page, which may be empty; return whether it was the last one."""
        page = self._page(logs)
        for event in page["events"]:
            self._newest = max(self._newest or 0, event["timestamp"])
            for inbox in self._by_job.get(event["logStreamName"].partition("/")[0], ()):
                inbox.add(event)
        if token := page.get("nextToken"):
            self._request["nextToken"] = token
            return False
        for inbox in self.inboxes:
            inbox.advance(self._newest, now)
        return True

    def _page(self, logs: Any) -> Json:
        try:
            page: Json = logs.filter_log_events(**self._request)
        except Exception as error:
            if not is_absent(error):
                raise
            return {"events": []}  # no job has ever written to the log group
        return page


class SharedLog:
    """A log group, read in turn for the jobs that have an inbox."""

    def __init__(self, group: str) -> None:
        self._group = group
        self._inboxes: set[Inbox] = set()
        self._open: deque[Reading] = deque()

    def join(self, inbox: Inbox) -> None:
        self._inboxes.add(inbox)

    def leave(self, inbox: Inbox) -> None:
        self._inboxes.discard(inbox)

    def read(self, logs: Any, now: float, every: float) -> bool:
        """Read a page for jobs that were not read for *every* seconds; return False if none is due.

        :param now: The time of a monotonic clock.
        """
        self._begin(now, every)
        if not self._open:
            return False
        reading = self._open.popleft()
        is_last = False
        try:
            is_last = reading.page(logs, now)
        finally:
            if not is_last:
                self._open.append(reading)
        return True

    def _begin(self, now: float, every: float) -> None:
        """Begin readings once a job is due, together with those that are due soon."""
        self._open = deque(one for one in self._open if not self._inboxes.isdisjoint(one.inboxes))
        busy = {inbox for reading in self._open for inbox in reading.inboxes}
        idle = self._inboxes - busy
        if any(inbox.last_read <= now - every for inbox in idle):
            soon = [inbox for inbox in idle if inbox.last_read <= now - every / 2]
            self._open += [_reading(self._group, inboxes) for inboxes in _calls(soon)]


def read_rest(logs: Any, group: str, inbox: Inbox) -> None:
    """Read what a job that has ended printed last, up to a limit."""
    reading = _reading(group, [inbox])
    for _ in range(REST):
        if reading.page(logs, math.inf):
            return


def _reading(group: str, inboxes: Sequence[Inbox]) -> Reading:
    names = {inbox.job for inbox in inboxes}
    prefix = os.path.commonprefix([f"{name}/" for name in names])  # noqa: RUF071 -- no paths
    return Reading(group, inboxes, prefix)


def _calls(due: Collection[Inbox]) -> Iterator[list[Inbox]]:
    """Divide inboxes among few calls: of near positions, and of names that begin alike."""
    for near in _near(due):
        near.sort(key=lambda inbox: inbox.job)
        call = near[:1]
        for inbox in near[1:]:
            if len(call) == MOST or inbox.job[:LEAST] != call[0].job[:LEAST]:
                yield call
                call = []
            call.append(inbox)
        yield call


def _near(due: Collection[Inbox]) -> Iterator[list[Inbox]]:
    """Divide inboxes by their positions: the call that covers them reads from the first one."""
    newest_first = sorted(due, key=lambda inbox: -inbox.position)
    group: list[Inbox] = []
    first = 0  # the distance of the group's first position from the newest one
    for inbox in newest_first:
        distance = newest_first[0].position - inbox.position
        if group and distance > first * SPREAD + NEAR:
            yield group
            group = []
        first = first if group else distance
        group.append(inbox)
    if group:
        yield group
