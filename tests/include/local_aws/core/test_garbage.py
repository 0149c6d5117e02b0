"""The collection of garbage in a server."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from include.local_aws.core.garbage import THRESHOLDS, collect_seldom, spare_present_objects


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    """Restore the thresholds of the process of the tests."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_thresholds_are_raised() -> None:
    gc.set_threshold(700, 10, 10)
    collect_seldom()
    assert gc.get_threshold() == THRESHOLDS


def test_present_objects_are_in_no_collection() -> None:
    present: list[list[int]] = [[]]
    spare_present_objects()
    assert not any(tracked is present for tracked in gc.get_objects())
