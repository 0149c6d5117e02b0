"""Watch a loss that does not start to fall, or a metric that no longer improves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from prodml.debugger.observations import Observation
from prodml.debugger.rule import Rule, Verdict
from prodml.debugger.smoothing import RunningMedian

SMOOTH = 3  # reports of which the median counts
SMOOTHER = 5
TINY = 1e-12


@dataclass(frozen=True)
class LossNotDecreasing(Rule):
    """
    Find a loss that is not below its start: it never fell, oscillates around it, or rose again.

    :param metric: The loss.
    :param patience: Reports after the first three that the loss has time to fall.
    :param min_change: How far it has to fall, as a share of its start.
    """

    advice: ClassVar[str] = (
        "Lower the learning rate if the loss rises or oscillates; raise it if it is constant. "
        "Check that the features are scaled, that labels belong to their rows, and that the "
        "optimizer updates all weights."
    )

    metric: str
    patience: int = 10
    min_change: float = 0.01

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_metric("metric")
        self._check_count("patience", 2)
        self._check_number("min_change", 0, 1)

    def start(self) -> _FromStart:
        return _FromStart(self)


class _FromStart:
    def __init__(self, rule: LossNotDecreasing) -> None:
        self._rule = rule
        self._recent = RunningMedian(SMOOTH)
        self._first: float | None = None
        self._reports = 0

    def see(self, observation: Observation) -> Verdict | None:
        value = observation.values.get(self._rule.metric)
        if value is None:
            return None
        recent = self._recent.add(value if math.isfinite(value) else math.inf)
        if recent is None:
            return None
        if self._first is None:
            self._first = recent if math.isfinite(recent) else None
            return None
        self._reports += 1
        wanted = self._first - self._rule.min_change * max(abs(self._first), TINY)
        if self._reports < self._rule.patience or recent <= wanted:
            return None
        text = (
            f"{self._rule.metric} is {recent:.4g} after {self._reports + SMOOTH} reports, and was "
            f"{self._first:.4g} at the start."
        )
        return Verdict(self._rule.metric, value, text)


@dataclass(frozen=True)
class Plateau(Rule):
    """
    Find a metric that no longer improves, so that further training costs money for nothing.

    :param metric: The metric.
    :param direction: ``Minimize`` or ``Maximize`` it.
    :param patience: Reports without a better value.
    :param min_change: The smallest change that counts, as a share of the best value.
    """

    advice: ClassVar[str] = (
        "Train for fewer rounds or set early stopping. If the value is not good enough, change the "
        "learning rate's schedule, the model's size or the features: more rounds will not help."
    )
    keeps_model: ClassVar[bool] = True

    metric: str
    direction: str = "Minimize"
    patience: int = 30
    min_change: float = 0.001

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_metric("metric")
        self._check_direction()
        self._check_count("patience", SMOOTHER)
        self._check_number("min_change", 0, 1)

    def start(self) -> _SinceBest:
        return _SinceBest(self)


class _SinceBest:
    def __init__(self, rule: Plateau) -> None:
        self._rule = rule
        self._sign = 1.0 if rule.direction == "Minimize" else -1.0
        self._recent = RunningMedian(SMOOTHER)
        self._best = math.inf
        self._reports = 0

    def see(self, observation: Observation) -> Verdict | None:
        value = observation.values.get(self._rule.metric)
        if value is None or not math.isfinite(value):
            return None
        if (recent := self._recent.add(value)) is None:
            return None
        recent *= self._sign
        if not math.isfinite(self._best):
            is_better = True
        else:
            is_better = recent < self._best - self._rule.min_change * max(abs(self._best), TINY)
        if is_better:
            self._best, self._reports = recent, 0
            return None
        self._reports += 1
        if self._reports < self._rule.patience:
            return None
        text = (
            f"{self._rule.metric} has not improved by {self._rule.min_change:.2%} for "
            f"{self._reports} reports; its best is {self._sign * self._best:.4g}."
        )
        return Verdict(self._rule.metric, value, text)
