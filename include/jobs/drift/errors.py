"""Define the error of a check that cannot be made."""

from __future__ import annotations


class UnreadableData(ValueError):
    """Raised when data cannot be checked; the message names the file and what to do."""
