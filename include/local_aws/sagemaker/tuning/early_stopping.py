"""Early stopping of training jobs by AWS's median rule."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

ENOUGH = 3  # finished jobs that the rule needs for a comparison


def hopeless(
    running: Sequence[float], finished: Sequence[Sequence[float]], *, maximize: bool
) -> bool:
    """Return whether the newest objective is worse than the median of the running averages.

    *running* and each of *finished* are the objective's values by epoch, oldest first. Jobs that
    ended before that epoch are ignored.
    """
    epoch = len(running)
    averages = [math.fsum(curve[:epoch]) / epoch for curve in finished if len(curve) >= epoch > 0]
    if len(averages) < ENOUGH:
        return False
    median, newest = statistics.median(averages), running[-1]
    return newest < median if maximize else newest > median
