"""Check the order, size and age of the events of a PutLogEvents request."""

from __future__ import annotations

from itertools import pairwise

from ..core.store import Doc
from .log_resources import invalid
from .logs import DAY, Line

OVERHEAD = 26  # bytes that AWS adds to each event
MOST_BYTES = 1_048_576
OLDEST = 14 * DAY
NEWEST = 2 * 3_600_000  # milliseconds ahead


def size(message: str) -> int:
    return len(message.encode("utf-8", "surrogatepass")) + OVERHEAD


def check(lines: list[Line]) -> None:
    """Refuse a batch that AWS refuses as a whole."""
    total = 0
    for _, message in lines:
        total += (bytes_ := size(message))
        if bytes_ > MOST_BYTES:
            raise invalid(f"Log event too large: {bytes_} bytes exceeds limit of {MOST_BYTES}")
    if total > MOST_BYTES:
        raise invalid(f"Upload too large: {total} bytes exceeds limit of {MOST_BYTES}")
    if any(at > following for (at, _), (following, _) in pairwise(lines)):
        raise invalid("Log events in a single PutLogEvents request must be in chronological order.")
    if lines[-1][0] - lines[0][0] > DAY:
        raise invalid(
            "The batch of log events in a single PutLogEvents request cannot span more than "
            "24 hours."
        )


def accepted(lines: list[Line], now: int, kept_since: int) -> tuple[list[Line], Doc]:
    """Return the lines to store, and the `rejectedLogEventsInfo` of the others."""
    too_old = sum(at < now - OLDEST for at, _ in lines)
    expired = sum(at < kept_since for at, _ in lines)
    too_new = sum(at <= now + NEWEST for at, _ in lines)
    rejected: Doc = {}
    if too_old:
        rejected["tooOldLogEventEndIndex"] = too_old
    if expired:
        rejected["expiredLogEventEndIndex"] = expired
    if too_new < len(lines):
        rejected["tooNewLogEventStartIndex"] = too_new
    return lines[max(too_old, expired) : too_new], rejected
