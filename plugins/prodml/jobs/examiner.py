"""Apply rules to a training job while it runs, and stop it where a rule asks for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

from prodml.aws.logs import PAGE, Line
from prodml.debugger.judge import Judge
from prodml.debugger.log_lines import LineReader
from prodml.debugger.observations import Observation
from prodml.debugger.rules import Finding
from prodml.jobs.examined import Examined, stop_tag
from prodml.jobs.log_follower import EVERY, PAGES, Follower
from prodml.jobs.usage import UsageReader

IN_INTERVALS = 10  # poll intervals between two readings of a log, where those are short
USAGE_EVERY = 60.0  # seconds between two readings of the resource use


def reading_interval(poll_interval: float) -> float:
    """Return the seconds between two readings of a job's log."""
    return min(EVERY, IN_INTERVALS * poll_interval)


@dataclass
class Examiner(Follower):
    """
    Follow a job's log, and apply rules to its lines and to its use of resources.

    After a restart the whole log is read again, since the rules keep their state in memory.

    :param examined: The rules, and what they need to know of the job.
    :param poll_interval: Seconds between two polls of the job.
    """

    reads_always: ClassVar[bool] = True

    examined: Examined = field(kw_only=True)
    poll_interval: float = field(kw_only=True)
    _judge: Judge = field(init=False)
    _reader: LineReader = field(init=False)
    _usage: UsageReader | None = field(init=False)
    _usage_read: datetime = field(init=False)
    _has_ended: bool = field(init=False, default=False)
    _is_stopping: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._judge = Judge(self.examined.rules)
        self._reader = self.examined.reader()
        self._usage_read = datetime.now(UTC)
        self._usage = self.examined.watched_usage(self.name, self._usage_read)

    def rest(self) -> list[str]:
        self._has_ended = True
        return self._new_lines()

    def judged(self, lines: Sequence[Line], usage: Sequence[Observation] = ()) -> list[str]:
        """Apply the rules to *lines* and *usage*; return the lines that the task's log lacks."""
        seen = [one for line in lines for one in self._reader.read(line.text, line.at)]
        for finding in self._judge.see([*seen, *usage]):
            self._report(finding)
        since = self.since.timestamp() if self.since else 0.0
        return [line.text for line in lines if line.at >= since]

    def judged_rest(self, lines: Sequence[Line]) -> list[str]:
        """Apply the rules to the last lines of a job that has ended: there is nothing to stop."""
        self._has_ended = True
        return self.judged(lines)

    def _every(self) -> float:
        return reading_interval(self.poll_interval)

    def _new_lines(self) -> list[str]:
        """Read up to ten pages, since a job may print more than one between two readings."""
        lines: list[str] = []
        for _ in range(PAGES):
            page = self._timed_lines(None)
            lines += self.judged(page, self._new_usage())
            if not page or (len(page) < PAGE and not self._has_ended):
                break
        return lines

    def _new_usage(self) -> list[Observation]:
        now = datetime.now(UTC)
        waits = not self._has_ended and (now - self._usage_read).total_seconds() < USAGE_EVERY
        if waits or self._usage is None:
            return []
        self._usage_read = now
        return self._usage.new(self.jobs.aws)

    def _report(self, finding: Finding) -> None:
        self.logger.warning("Rule %s %s", finding, finding.advice)
        if finding.stop and not self._has_ended and not self._is_stopping:
            self._is_stopping = True
            self._stop(finding)

    def _stop(self, finding: Finding) -> None:
        from botocore.exceptions import ClientError

        try:
            self.jobs.stop(self.name, stop_tag(finding))
        except ClientError as error:
            words = self.jobs.kind.words
            self.logger.error("Rule %s cannot stop %s: %s", finding.rule, words, error)
