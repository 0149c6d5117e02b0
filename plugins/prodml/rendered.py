"""Values of an operator's arguments: as a DAG gives them, or as text that a template rendered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def given(value: Any, otherwise: Any = None) -> Any:
    """*value*, unless it is none: a template renders None as text."""
    return otherwise if value in (None, "", "None") else value


def number(value: float | str | None) -> float | None:
    """A number; None for one that is left out."""
    found = given(value)
    return None if found is None else float(found)


def truth(value: bool | str) -> bool:
    """A switch."""
    return value if isinstance(value, bool) else value.strip().lower() in ("true", "1", "yes", "on")


def moment(text: str) -> datetime:
    """Return the time that *text* names in ISO 8601, in UTC; a time without an offset is in UTC."""
    named = datetime.fromisoformat(text)
    return named.astimezone(UTC) if named.tzinfo else named.replace(tzinfo=UTC)
