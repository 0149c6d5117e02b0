"""How a pipeline ends a task: its file is wrong, or there is nothing to do."""

from __future__ import annotations


class PipelineError(ValueError):
    """Raised when a pipeline's file states what cannot work."""


class NothingNew(Exception):
    """Raised when a scheduled run's interval has no slice of its own: there is nothing to learn."""
