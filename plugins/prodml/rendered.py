"""Read operator arguments that are values, or text that a template rendered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def given(value: Any, otherwise: Any = None) -> Any:
    """Return *value*, or *otherwise* if it is left out; a template renders None as text."""
    return otherwise if value in (None, "", "None") else value


def number(value: float | str | None) -> float | None:
    """Return a number; None if it is left out."""
    present = given(value)
    return None if present is None else float(present)


def truth(value: bool | str) -> bool:
    """Return a boolean."""
    return value if isinstance(value, bool) else value.strip().lower() in ("true", "1", "yes", "on")


def instant(time: datetime) -> str:
    """Return a time in UTC and whole seconds; as texts, instants sort like the times."""
    return time.astimezone(UTC).isoformat(timespec="seconds")


def moment(text: str) -> datetime:
    """Return the time that *text* names in ISO 8601, in UTC; a time without an offset is in UTC."""
    named = datetime.fromisoformat(text)
    return named.astimezone(UTC) if named.tzinfo else named.replace(tzinfo=UTC)
