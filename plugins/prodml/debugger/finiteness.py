"""Watch for NaN and infinity."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from prodml.debugger.observations import Observation, Source
from prodml.debugger.rule import Rule, Verdict


@dataclass(frozen=True)
class NotFinite(Rule):
    """
    Find a metric, a gradient or an update that is NaN or infinite.

    :param metrics: The metrics to watch; all that the job reports, and those of the hook, if empty.
    :param patience: Reports of the same number.
    """

    advice: ClassVar[str] = (
        "Lower the learning rate, clip gradients, and use a wider type than float16. Check the "
        "data for NaN, infinity and empty cells, and the loss for log(0) and division by 0. "
        "The model of this job is unusable."
    )

    metrics: Sequence[str] = ()
    patience: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if isinstance(self.metrics, str) or not all(isinstance(m, str) and m for m in self.metrics):
            self._refuse("metrics", "a tuple of names of metrics")
        object.__setattr__(self, "metrics", tuple(self.metrics))  # a list, from JSON
        self._check_count("patience")

    @property
    def sources(self) -> tuple[Source, ...]:
        return (Source.METRIC, Source.GRADIENTS, Source.UPDATES)

    def start(self) -> _Numbers:
        return _Numbers(self)


class _Numbers:
    def __init__(self, rule: NotFinite) -> None:
        self._rule = rule
        self._counts: Counter[str] = Counter()

    def see(self, observation: Observation) -> Verdict | None:
        kind = "" if observation.source == Source.METRIC else f" of {observation.source}"
        for name, value in observation.values.items():
            if math.isfinite(value) or (self._rule.metrics and name not in self._rule.metrics):
                continue
            self._counts[name] += 1
            if self._counts[name] >= self._rule.patience:
                return Verdict(name, value, f"{name}{kind} is {value}.")
        return None
