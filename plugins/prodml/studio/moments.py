"""Convert what AWS answers to the JSON that the pages get."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(moment: datetime | None) -> str | None:
    """Return *moment* in UTC as text; None stays None."""
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def milliseconds(moment: datetime) -> int:
    """Return *moment* as JavaScript and CloudWatch Logs count time."""
    return round(moment.timestamp() * 1000)
