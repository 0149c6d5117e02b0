from __future__ import annotations

import asyncio
import time

import pytest

from include.local_aws.core.clock import Clock, ManualClock


def test_now_is_true_at_any_scale() -> None:
    """Only waits are shortened: timestamps are those of the wall clock."""
    assert Clock(scale=60).now() == pytest.approx(time.time(), abs=1)


def test_waiting_is_divided_by_the_scale() -> None:
    assert Clock(scale=60).real(120) == 2


@pytest.mark.parametrize("scale", [0, -1])
def test_scale_must_be_positive(scale: float) -> None:
    """A clock without progress would hang every wait; the error says what to do."""
    with pytest.raises(ValueError, match="is not positive; use 1"):
        Clock(scale)


def test_manual_clock_moves_by_the_slept_time() -> None:
    clock = ManualClock(start=100)
    asyncio.run(clock.sleep(60))
    clock.advance(5)
    assert clock.now() == 165
