"""What a running job tells its task: where it is, and what it prints."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from prodml.aws.logs import Tail
from prodml.jobs.jobs import Jobs
from prodml.vocabulary import ENDPOINT, Json

EVERY = 10.0  # seconds between two readings of a log
PAGES = 10  # of a thousand lines of each instance, when a job has ended
REMIND = 60.0  # seconds after which a state is said again, though nothing has changed


@dataclass
class Follower:
    """Copies a job's progress, and its lines if wanted, into *logger*."""

    jobs: Jobs
    name: str
    logger: Any
    with_lines: bool = True
    since: datetime | None = None  # lines from then on, else from the first one
    _known: Json = field(default_factory=dict, repr=False)
    _state: str = ""
    _since: datetime | None = None  # when the present state began, as far as AWS says
    _said: float = 0.0
    _read: float = 0.0
    _tail: Tail | None = field(default=None, repr=False)

    def tell(self, description: Json) -> None:
        """Say what is new since the last look."""
        self.say(description)
        self._copy(self.lines)

    def tell_rest(self) -> None:
        """Say what a job that has ended printed since the last look."""
        self._copy(self.rest)

    def _copy(self, read: Callable[[], list[str]]) -> None:
        if self.with_lines:
            for line in read():
                self.logger.info("%s", line)

    def say(self, description: Json) -> None:
        """Say the job's state if it has changed, or once a minute; a list's summary says less."""
        self._known |= description
        state = str(self._known.get("SecondaryStatus") or self.jobs.status(description))
        now = time.monotonic()
        if state == self._state and now - self._said < REMIND:
            return
        if state != self._state:
            # An endpoint lives on after an update: what takes time is its last change.
            changes = self.jobs.kind is ENDPOINT
            self._since = self._known.get("LastModifiedTime" if changes else "CreationTime")
        self._state, self._said = state, now
        age = f" after {_age(self._since):.0f} s" if self._since else ""
        metrics = "".join(f", {m['MetricName']} {m['Value']:g}" for m in _metrics(self._known))
        self.logger.info("%s %s: %s%s%s", self.jobs.kind.words, self.name, state, age, metrics)

    def lines(self) -> list[str]:
        """What the job has printed since; read at most every ten seconds."""
        if time.monotonic() - self._read < EVERY:
            return []
        self._read = time.monotonic()
        return self._new_lines()

    def rest(self) -> list[str]:
        """What a job that has ended printed since, to the end unless that is very far."""
        found: list[str] = []
        for _ in range(PAGES):
            if not (page := self._new_lines()):
                break
            found += page
        return found

    def _new_lines(self) -> list[str]:
        logs = self.jobs.aws.client("logs")
        if self._tail is None:
            self._tail = Tail(logs, self.jobs.kind.log_group, self.name, self.since)
        self._tail.logs = logs  # credentials may have changed
        return self._tail.new_lines()


def _age(since: datetime) -> float:
    return max(0.0, (datetime.now(UTC) - since).total_seconds())


def _metrics(description: Json) -> list[Json]:
    """A training job's last metrics, or the best objective of a tuning job so far."""
    best = description.get("BestTrainingJob", {})
    objective = best.get("FinalHyperParameterTuningJobObjectiveMetric")
    return [objective] if objective else list(description.get("FinalMetricDataList", []))
