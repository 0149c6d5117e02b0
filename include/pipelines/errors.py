"""Define the errors that end a task: an invalid definition, or nothing to do."""

from __future__ import annotations


class PipelineError(ValueError):
    """Raised for an invalid pipeline definition."""


class NothingNew(Exception):
    """Raised when there is nothing to do, such as no new data in a scheduled run's interval."""
