"""Evaluate the built-in rules of SageMaker Debugger that need scalars only, as AWS documents them.

A step is a report of a metric. On AWS the scalars are tensors of the collection `losses`, or of
`metrics`; here they are the metrics that the job's definitions find in its log.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import ClassVar, Protocol

Parameters = Mapping[str, str]
TRAIN = ("train", "training")
HELD = ("validation", "val", "valid", "eval", "test")


class Detector(Protocol):
    """One rule over the metrics of one job."""

    def see(self, metric: str, value: float) -> int | None:
        """Return the step at which the rule's condition is met, if it is."""


class LossNotDecreasing:
    """Compares a loss with that of `num_steps` before."""

    NUMBERS: ClassVar[dict[str, float]] = {
        "num_steps": 10.0,
        "diff_percent": 0.1,
        "increase_threshold_percent": 5.0,
    }

    def __init__(self, parameters: Parameters) -> None:
        numbers = numbers_of(self.NUMBERS, parameters)
        self._steps = max(1, int(numbers["num_steps"]))
        self._decrease = numbers["diff_percent"] / 100
        self._watched = _Watched(parameters)
        self._values: dict[str, list[float]] = defaultdict(list)
        self._checked: dict[str, int] = defaultdict(int)

    def see(self, metric: str, value: float) -> int | None:
        if not self._watched(metric):
            return None
        values = self._values[metric]
        values.append(value)
        step = len(values) - 1
        if step - self._checked[metric] < self._steps:
            return None
        self._checked[metric], before = step, values[step - self._steps]
        return step if value > before - self._decrease * abs(before) else None


class Overfit:
    """Compares the mean losses of validation and training."""

    NUMBERS: ClassVar[dict[str, float]] = {
        "start_step": 0.0,
        "patience": 1.0,
        "ratio_threshold": 0.1,
    }

    def __init__(self, parameters: Parameters) -> None:
        numbers = numbers_of(self.NUMBERS, parameters)
        self._start, self._patience = int(numbers["start_step"]), int(numbers["patience"])
        self._ratio = numbers["ratio_threshold"]
        self._watched = _Watched(parameters)
        self._train: dict[str, float] = {}
        self._steps: dict[str, int] = defaultdict(int)
        self._streak: dict[str, int] = defaultdict(int)

    def see(self, metric: str, value: float) -> int | None:
        data, name = _split(metric)
        if not self._watched(metric):
            return None
        if data in TRAIN:
            self._train[name] = value
        if data not in HELD or name not in self._train:
            return None
        step = self._steps[name]
        self._steps[name] += 1
        train = self._train[name]
        is_wide = train != 0 and (value - train) / abs(train) > self._ratio
        self._streak[name] = self._streak[name] + 1 if is_wide else 0
        return step if step >= self._start and self._streak[name] >= self._patience else None


class Overtraining:
    """Finds a loss that has not improved for a number of steps."""

    NUMBERS: ClassVar[dict[str, float]] = {
        "patience_train": 5.0,
        "patience_validation": 10.0,
        "delta": 0.01,
    }

    def __init__(self, parameters: Parameters) -> None:
        numbers = numbers_of(self.NUMBERS, parameters)
        self._delta = numbers["delta"]
        train, held = int(numbers["patience_train"]), int(numbers["patience_validation"])
        self._patience = dict.fromkeys(TRAIN, train) | dict.fromkeys(HELD, held)
        self._watched = _Watched(parameters)
        self._best: dict[str, float] = {}
        self._since: dict[str, int] = defaultdict(int)
        self._steps: dict[str, int] = defaultdict(int)

    def see(self, metric: str, value: float) -> int | None:
        patience = self._patience.get(_split(metric)[0])
        if patience is None or not self._watched(metric):
            return None
        step = self._steps[metric]
        self._steps[metric] += 1
        if metric not in self._best or value < self._best[metric] - self._delta:
            self._best[metric], self._since[metric] = value, 0
            return None
        self._since[metric] += 1
        return step if self._since[metric] > patience else None


SCALAR: dict[str, type[LossNotDecreasing] | type[Overfit] | type[Overtraining]] = {
    rule.__name__: rule for rule in (LossNotDecreasing, Overfit, Overtraining)
}
STALLED = "StalledTrainingRule"  # by time, without a value
STALLED_NUMBERS = {"threshold": 1800.0}
NAMES = ("collection_names", "tensor_regex", "use_losses_collection")


def numbers_of(defaults: Mapping[str, float], parameters: Parameters) -> dict[str, float]:
    """Return a rule's numbers; raise ValueError for text that is no number."""
    return {name: float(parameters.get(name, default)) for name, default in defaults.items()}


class _Watched:
    """The metrics that a rule reads: those of a regular expression, all, or the losses."""

    def __init__(self, parameters: Parameters) -> None:
        patterns = [p.strip() for p in parameters.get("tensor_regex", "").split(",") if p.strip()]
        self._patterns = [re.compile(pattern) for pattern in patterns]
        self._is_all = "metrics" in parameters.get("collection_names", "")

    def __call__(self, metric: str) -> bool:
        if self._patterns:
            return any(pattern.search(metric) for pattern in self._patterns)
        return self._is_all or "loss" in metric.lower()


def _split(metric: str) -> tuple[str, str]:
    """Return the data set of a metric, and the rest of its name."""
    data, _, name = re.sub(r"[-_/]", ":", metric.lower()).partition(":")
    return data, name
