"""Copy a running job's status, metrics and log lines into the log of its task."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar

from prodml.aws.logs import Line, Tail
from prodml.jobs.jobs import Jobs
from prodml.vocabulary import ENDPOINT, Json

SEARCHES = ("HyperParameterTuningJob", "AutoMLJob")
EVERY = 10.0  # seconds between two readings of a log
PAGES = 10  # of 1,000 lines per instance, read at most when a job has ended
REMIND = 60.0  # seconds after which an unchanged status is logged again


@dataclass
class Follower:
    """Log a job's progress, and optionally its log lines, to *logger*."""

    jobs: Jobs
    name: str
    logger: Any
    with_lines: bool = True
    since: datetime | None = None  # the first line to copy; None copies the whole log
    reads_always: ClassVar[bool] = False  # read the log even if no line is copied
    _known: Json = field(default_factory=dict, repr=False)
    _state: str = ""
    _since: datetime | None = None  # start of the present status, if AWS reports it
    _logged: float = 0.0
    _read: float = 0.0
    _tail: Tail | None = field(default=None, repr=False)

    def log_progress(self, description: Json) -> None:
        """Log what is new since the last call."""
        self.log_status(description)
        self._copy(self.lines)

    def log_rest(self) -> None:
        """Log what a job that has ended printed since the last call."""
        self._copy(self.rest)

    def _copy(self, read: Callable[[], list[str]]) -> None:
        if self.with_lines or self.reads_always:
            for line in read():
                if self.with_lines:
                    self.logger.info("%s", line)

    def log_status(self, description: Json) -> None:
        """Log the status if it changed, or once a minute; *description* may be a list's summary."""
        self._known |= description
        state = self.jobs.kind.progress(self._known) or self.jobs.status(description)
        now = time.monotonic()
        if state == self._state and now - self._logged < REMIND:
            return
        if state != self._state:
            # An endpoint stays after an update, so its age is that of its last change.
            changes = self.jobs.kind is ENDPOINT
            self._since = self._known.get("LastModifiedTime" if changes else "CreationTime")
        self._state, self._logged = state, now
        age = f" after {_age(self._since):.0f} s" if self._since else ""
        metrics = "".join(f", {m['MetricName']} {m['Value']:g}" for m in _metrics(self._known))
        self.logger.info("%s %s: %s%s%s", self.jobs.kind.words, self.name, state, age, metrics)

    def lines(self) -> list[str]:
        """Return the lines printed since the last call; reads the log at most every ten seconds."""
        if time.monotonic() - self._read < self._every():
            return []
        self._read = time.monotonic()
        return self._new_lines()

    def _every(self) -> float:
        return EVERY

    def rest(self) -> list[str]:
        """Return the remaining lines of a job that has ended, up to a limit."""
        lines: list[str] = []
        for _ in range(PAGES):
            if not (page := self._new_lines()):
                break
            lines += page
        return lines

    def _new_lines(self) -> list[str]:
        return [line.text for line in self._timed_lines(self.since)]

    def _timed_lines(self, since: datetime | None) -> list[Line]:
        logs = self.jobs.aws.client("logs")
        if self._tail is None:
            self._tail = Tail(logs, self.jobs.kind.log_group, self.name, since)
        self._tail.logs = logs  # credentials may have changed
        return self._tail.new_timed_lines()


def follow(follower: Follower, poll_interval: float) -> Json:
    """Wait until the job has ended, logging its progress; return its description."""
    description = follower.jobs.wait(follower.name, poll_interval, follower.log_progress)
    follower.log_rest()
    return description


def _age(since: datetime) -> float:
    return max(0.0, (datetime.now(UTC) - since).total_seconds())


def _metrics(description: Json) -> list[Json]:
    """Return a training job's final metrics, or the best objective so far of a search."""
    best = description.get("BestTrainingJob") or description.get("BestCandidate") or {}
    objectives = (best.get(f"Final{noun}ObjectiveMetric") for noun in SEARCHES)
    objective = next(filter(None, objectives), None)
    return [objective] if objective else list(description.get("FinalMetricDataList", []))
