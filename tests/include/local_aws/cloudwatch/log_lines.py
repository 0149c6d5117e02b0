"""Groups, streams and lines that the tests of CloudWatch Logs write and read."""

from __future__ import annotations

import time
from typing import Any


def put(logs: Any, group: str, stream: str, events: list[tuple[int, str]]) -> None:
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    lines = [{"timestamp": at, "message": message} for at, message in events]
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=lines)


def messages(answer: dict[str, Any]) -> list[str]:
    return [event["message"] for event in answer["events"]]


def now() -> int:
    """Return the present time in milliseconds."""
    return int(time.time() * 1000)
