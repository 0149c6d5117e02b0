"""Watch training and validation together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from prodml.debugger.losses import SMOOTH, TINY
from prodml.debugger.observations import Observation
from prodml.debugger.rule import Rule, Verdict
from prodml.debugger.smoothing import RunningMedian, Streak

LEAST = 0.02  # of the best value: the scale if validation has hardly improved


@dataclass(frozen=True)
class Overfitting(Rule):
    """
    Find a validation metric that worsens while training still improves.

    :param train: The metric on the training data.
    :param validation: The same metric on the validation data.
    :param direction: ``Minimize`` or ``Maximize`` them.
    :param patience: Reports in a row.
    :param tolerance: How much of its whole improvement validation may lose.
    """

    advice: ClassVar[str] = (
        "Set early stopping, and keep the model of the best report. Regularize: fewer or smaller "
        "trees, dropout, weight decay. Add training rows, or remove columns that identify them."
    )
    keeps_model: ClassVar[bool] = True

    train: str
    validation: str
    direction: str = "Minimize"
    patience: int = 10
    tolerance: float = 0.1

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_metric("train")
        self._check_metric("validation")
        if self.train == self.validation:
            self._refuse("validation", f"a metric other than train, {self.train!r}")
        self._check_direction()
        self._check_count("patience")
        self._check_number("tolerance", 0)

    def start(self) -> _Gap:
        return _Gap(self)


class _Gap:
    """Compares both metrics with those of the report that was best on validation."""

    def __init__(self, rule: Overfitting) -> None:
        self._rule = rule
        self._sign = 1.0 if rule.direction == "Minimize" else -1.0
        self._smooth = {name: RunningMedian(SMOOTH) for name in (rule.train, rule.validation)}
        self._train: float | None = None
        self._first: float | None = None
        self._best = self._train_at_best = math.inf
        self._streak = Streak(rule.patience)

    def see(self, observation: Observation) -> Verdict | None:
        for name in (self._rule.train, self._rule.validation):
            value = observation.values.get(name)
            if value is None or not math.isfinite(value):
                continue
            recent = self._smooth[name].add(self._sign * value)
            if name == self._rule.train:
                self._train = recent
            elif recent is not None and self._train is not None:
                return self._judge(recent, self._train, value)
        return None

    def _judge(self, validation: float, train: float, value: float) -> Verdict | None:
        if self._first is None:
            self._first = validation
        if validation < self._best:
            self._best, self._train_at_best = validation, train
        scale = max(self._first - self._best, LEAST * abs(self._best), TINY)
        lost = (validation - self._best) / scale
        if not self._streak.add(lost > self._rule.tolerance and train < self._train_at_best):
            return None
        name, best = self._rule.validation, self._sign * self._best
        text = (
            f"{name} is {value:.4g}, worse than its best of {best:.4g} for {self._streak.length} "
            f"reports, while {self._rule.train} still improves, to {self._sign * train:.4g}."
        )
        return Verdict(name, value, text)
