"""Watch the duration of training steps, as a script's hook reports it."""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass
from typing import ClassVar

from prodml.debugger.observations import MEAN, SLOWEST, Observation, Source
from prodml.debugger.rule import Rule, Verdict

RECENT = 20  # reports that are compared with all before


@dataclass(frozen=True)
class SlowSteps(Rule):
    """
    Find steps that are much slower than the others, and cost a notable share of the time.

    :param factor: How many times the median of all reports.
    :param patience: Slow reports among the last twenty.
    :param share: The least share of the last reports' time that is lost.
    """

    source: ClassVar[Source] = Source.STEPS
    advice: ClassVar[str] = (
        "Find what happens at those steps: evaluation, checkpoints, logging, the loading of data, "
        "a batch of unusual size, garbage collection, another process or instance. Do it less "
        "often, in another process, or between epochs."
    )

    factor: float = 3.0
    patience: int = 3
    share: float = 0.15

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("factor", 1)
        self._check_count("patience")
        if self.patience > RECENT:
            self._refuse("patience", f"at most {RECENT}")
        self._check_number("share", 0, 1)

    def start(self) -> _Durations:
        return _Durations(self)


class _Durations:
    def __init__(self, rule: SlowSteps) -> None:
        self._rule = rule
        self._sorted: list[float] = []
        self._recent: deque[float] = deque(maxlen=RECENT)

    def see(self, observation: Observation) -> Verdict | None:
        if MEAN not in observation.values:
            return None
        mean = observation.values[MEAN]
        insort(self._sorted, mean)
        self._recent.append(mean)
        usual = self._sorted[(len(self._sorted) - 1) // 2]
        slow = [seconds for seconds in self._recent if seconds > self._rule.factor * usual]
        lost = sum(slow) - len(slow) * usual
        if len(slow) < self._rule.patience or lost < self._rule.share * sum(self._recent):
            return None
        text = (
            f"{len(slow)} of the last {len(self._recent)} reports have steps of over "
            f"{self._rule.factor:g} times the usual {usual:.3g} s; {lost / sum(self._recent):.0%} "
            f"of the time is lost, and the slowest step took "
            f"{observation.values.get(SLOWEST, mean):.3g} s."
        )
        return Verdict(MEAN, mean, text)
