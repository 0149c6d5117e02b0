"""Collect garbage seldom: modules, botocore's models and the parts of accounts never become it.

The interpreter's default walks over all of them again and again, for a tenth of a server's time.
"""

from __future__ import annotations

import gc

THRESHOLDS = 50_000, 20, 20  # of allocations, then of collections of the younger generation


def collect_seldom() -> None:
    """Raise the thresholds, before a program imports its modules."""
    gc.set_threshold(*THRESHOLDS)


def spare_present_objects() -> None:
    """Exclude the objects that a start has made from every later collection."""
    gc.freeze()
