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


def quoted(text: object) -> str:
    """Mark *text*, which may hold values of the data, so that a message can be shown without it."""
    return f"{OPEN}{text}{CLOSE}"
