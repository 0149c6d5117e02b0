"""Read a job's log from CloudWatch Logs: new lines while it runs, or its end."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

log = logging.getLogger(__name__)
PAGE = 1000  # lines per instance of one reading


def advice(logs: Any, group: str) -> str:
    """Return the advice to read *group*, or what to do where it does not exist."""
    try:
        listed = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    except Exception as error:  # noqa: BLE001 -- the failure that is explained counts
        log.debug("Log group %s cannot be listed: %s", group, error)
        return "Correct what the error names."
    if any(described["logGroupName"] == group for described in listed):
        return f"Read the log group {group}."
    return f"There is no log group {group}: no container has written. Correct what the error names."


class Line(NamedTuple):
    """A line of a log, and when it was written, in seconds since 1970."""

    at: float
    text: str


@dataclass
class Tail:
    """The log of one job; a log that does not exist yet, or cannot be read, has no lines."""

    logs: Any
    group: str
    job: str
    since: datetime | None = None  # the first line to read; None reads from the beginning
    _tokens: dict[str, str] = field(default_factory=dict)

    def end(self, lines: int) -> list[str]:
        """Return the last *lines* of the log."""
        messages: list[str] = []
        for stream in self._streams():
            events = self._read(stream, limit=lines)
            messages += [event["message"].rstrip() for event in events.get("events", [])]
        return messages[-lines:]

    def new_lines(self, most: int = PAGE) -> list[str]:
        """Return the lines since the last call, at most *most* per instance."""
        return [line.text for line in self.new_timed_lines(most)]

    def new_timed_lines(self, most: int = PAGE) -> list[Line]:
        """Return the lines since the last call with their times, at most *most* per instance."""
        lines: list[Line] = []
        for stream in self._streams():
            token = self._tokens.get(stream)
            page = self._read(
                stream, limit=most, **({"nextToken": token} if token else self._head())
            )
            if "nextForwardToken" in page:
                self._tokens[stream] = page["nextForwardToken"]
            events = page.get("events", [])
            lines += [Line(one["timestamp"] / 1000, one["message"].rstrip()) for one in events]
        return lines

    def _head(self) -> dict[str, Any]:
        begin = {"startTime": int(self.since.timestamp() * 1000)} if self.since else {}
        return {"startFromHead": True, **begin}

    def _streams(self) -> list[str]:
        try:
            page = self.logs.describe_log_streams(
                logGroupName=self.group, logStreamNamePrefix=f"{self.job}/"
            )
        except Exception as error:  # noqa: BLE001 -- a missing log must not fail the task
            log.debug("No log of %s: %s", self.job, error)
            return []
        return [stream["logStreamName"] for stream in page["logStreams"]]

    def _read(self, stream: str, **arguments: Any) -> dict[str, Any]:
        try:
            page: dict[str, Any] = self.logs.get_log_events(
                logGroupName=self.group, logStreamName=stream, **arguments
            )
        except Exception as error:  # noqa: BLE001 -- a missing log must not fail the task
            log.debug("Cannot read %s: %s", stream, error)
            return {}
        return page
