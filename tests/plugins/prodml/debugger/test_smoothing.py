"""One outlier among reports decides nothing."""

from __future__ import annotations

import math

from prodml.debugger.smoothing import RunningMedian, Streak


def test_a_running_median_waits_for_enough_numbers_and_forgets_old_ones() -> None:
    recent = RunningMedian(3)
    assert [recent.add(value) for value in (1.0, 9.0, 2.0, 3.0, 3.0)] == [None, None, 2.0, 3.0, 3.0]


def test_an_outlier_does_not_move_the_median() -> None:
    recent = RunningMedian(3)
    medians = [recent.add(value) for value in (1.0, 1.0, math.inf, 1.0, -math.inf)]
    assert medians[2:] == [1.0, 1.0, 1.0]


def test_a_streak_starts_again_after_a_miss() -> None:
    streak = Streak(2)
    reached = [streak.add(hit) for hit in (True, False, True, True, True, False, True)]
    assert reached == [False, False, False, True, True, False, False]
    assert streak.length == 1
