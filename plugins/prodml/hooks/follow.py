"""What a running job tells its task: where it is, and what it prints."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from prodml.hooks.jobs import Jobs
from prodml.hooks.logs import Tail
from prodml.vocabulary import Json

EVERY = 10.0  # seconds between two readings of a log
REMIND = 60.0  # seconds after which a state is said again, though nothing has changed


@dataclass
class Follower:
    """Copies a job's progress, and its lines if wanted, into *logger*."""

    jobs: Jobs
    name: str
    logger: Any
    with_lines: bool = True
    _state: str = ""
    _said: float = 0.0
    _read: float = 0.0
    _tail: Tail | None = field(default=None, repr=False)

    def tell(self, description: Json) -> None:
        """Say what is new since the last look."""
        self.say(description)
        if self.with_lines:
            for line in self.lines():
                self.logger.info("%s", line)

    def say(self, description: Json) -> None:
        """Say the job's state if it has changed, or once a minute."""
        state = str(description.get("SecondaryStatus") or self.jobs.status(description))
        now = time.monotonic()
        if state == self._state and now - self._said < REMIND:
            return
        self._state, self._said = state, now
        created = description.get("CreationTime")
        age = f" after {(datetime.now(UTC) - created).total_seconds():.0f} s" if created else ""
        measured = description.get("FinalMetricDataList", [])
        metrics = "".join(f", {m['MetricName']} {m['Value']:g}" for m in measured)
        self.logger.info("%s %s: %s%s%s", self.jobs.kind.words, self.name, state, age, metrics)

    def lines(self) -> list[str]:
        """What the job has printed since; read at most every ten seconds."""
        if time.monotonic() - self._read < EVERY:
            return []
        self._read = time.monotonic()
        if self._tail is None:
            self._tail = Tail(self.jobs.aws.client("logs"), self.jobs.kind.log_group, self.name)
        return self._tail.new_lines()
