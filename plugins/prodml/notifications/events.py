"""Define an event that people are notified of: a name, a title, and facts.

An event holds names, numbers and reasons. It holds no row of data, no credentials, and no name of a
person: the note of the run says who has approved a version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

NAMED = 10  # columns or jobs that a message names


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events; *name* is also the anchor of the event's runbook."""

    name: ClassVar[str]
    page: ClassVar[str] = ""  # the tab of the task's page in Airflow that the message links

    @property
    def title(self) -> str:
        """Return the event in a line."""
        raise NotImplementedError

    def facts(self) -> Iterator[str]:
        """Yield further sentences."""
        yield from ()


def named(names: Sequence[str]) -> str:
    """Return the first of *names*, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
