"""Which running training jobs of a tuning job are not worth finishing: AWS's median rule."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

ENOUGH = 3  # finished jobs that the rule wants to compare with


def hopeless(
    running: Sequence[float], finished: Sequence[Sequence[float]], *, maximize: bool
) -> bool:
    """Whether the newest objective is worse than the median of the running averages up to there.

    *running* and each of *finished* are the objective's values by epoch, oldest first. Jobs that
    never came this far are not compared with.
    """
    epoch = len(running)
    averages = [math.fsum(curve[:epoch]) / epoch for curve in finished if len(curve) >= epoch > 0]
    if len(averages) < ENOUGH:
        return False
    median, newest = statistics.median(averages), running[-1]
    return newest < median if maximize else newest > median
