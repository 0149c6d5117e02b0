"""Say why no pipeline can be written."""

from __future__ import annotations


class SampleError(ValueError):
    """Raised for a sample or an argument of which no pipeline can be made, with the remedy."""
