"""What a job writes, from CloudWatch Logs: line by line while it runs, or the end of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

log = logging.getLogger(__name__)


@dataclass
class Tail:
    """The log of one job; a log that does not exist yet, or cannot be read, has no lines."""

    logs: Any
    group: str
    job: str
    since: datetime | None = None  # new lines begin here, else with the log
    _tokens: dict[str, str] = field(default_factory=dict)

    def end(self, lines: int) -> list[str]:
        """The last *lines* that the job wrote."""
        found: list[str] = []
        for stream in self._streams():
            events = self._read(stream, limit=lines)
            found += [event["message"].rstrip() for event in events.get("events", [])]
        return found[-lines:]

    def new_lines(self, most: int = 1000) -> list[str]:
        """What was written since the last call, at most *most* lines of each instance."""
        found: list[str] = []
        for stream in self._streams():
            token = self._tokens.get(stream)
            page = self._read(
                stream, limit=most, **({"nextToken": token} if token else self._head())
            )
            if "nextForwardToken" in page:
                self._tokens[stream] = page["nextForwardToken"]
            found += [event["message"].rstrip() for event in page.get("events", [])]
        return found

    def _head(self) -> dict[str, Any]:
        begin = {"startTime": int(self.since.timestamp() * 1000)} if self.since else {}
        return {"startFromHead": True, **begin}

    def _streams(self) -> list[str]:
        try:
            found = self.logs.describe_log_streams(
                logGroupName=self.group, logStreamNamePrefix=f"{self.job}/"
            )
        except Exception as error:  # noqa: BLE001 -- no log is worth failing a task for
            log.debug("No log of %s: %s", self.job, error)
            return []
        return [stream["logStreamName"] for stream in found["logStreams"]]

    def _read(self, stream: str, **arguments: Any) -> dict[str, Any]:
        try:
            page: dict[str, Any] = self.logs.get_log_events(
                logGroupName=self.group, logStreamName=stream, **arguments
            )
        except Exception as error:  # noqa: BLE001 -- no log is worth failing a task for
            log.debug("Cannot read %s: %s", stream, error)
            return {}
        return page
