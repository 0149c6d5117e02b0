"""Define the error of a check that cannot be made."""

from __future__ import annotations

import re

OPEN, CLOSE = "\u2045", "\u2046"  # brackets around what a message quotes from the data
QUOTED = re.compile(f"{OPEN}.*?{CLOSE}", re.DOTALL)


class UnreadableData(ValueError):
    """Raised when data cannot be checked; the message names the file and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message.replace(OPEN, "").replace(CLOSE, ""))
        self.without_values = QUOTED.sub("a hidden value", message)


class OtherColumns(UnreadableData):
    """Raised for a record with other columns than the baseline's; *place* is a file and line."""

    def __init__(self, place: str, difference: str) -> None:
        super().__init__(
            f"{place}: {difference}. Check that the endpoint serves this baseline's model."
        )
        self.place = place
        self.difference = difference


def quoted(text: object) -> str:
    """Mark *text*, which may hold values of the data, so that a message can be shown without it."""
    return f"{OPEN}{text}{CLOSE}"
