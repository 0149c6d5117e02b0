"""Watch gradients, and the updates of weights, that a script's hook reports."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import ClassVar

from prodml.debugger.observations import ALL, Observation, Source
from prodml.debugger.rule import Rule, Verdict
from prodml.debugger.smoothing import Streak

MOST = 50  # reports that make the usual size of a gradient
LARGE = (
    "Lower the learning rate, or warm it up. Clip gradients by their norm, normalize activations, "
    "and scale the features and the targets."
)
SMALL = (
    "Use ReLU-like activations, residual connections, normalization and an initialization for "
    "the activation (He, Xavier). Check that no layer is frozen by mistake, and that the learning "
    "rate is not zero."
)


@dataclass(frozen=True)
class ExplodingGradients(Rule):
    """
    Find gradients that are far above their usual size.

    :param factor: How many times the median of the earlier reports.
    :param patience: Reports in a row.
    """

    source: ClassVar[Source] = Source.GRADIENTS
    advice: ClassVar[str] = LARGE

    factor: float = 100.0
    patience: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("factor", 1)
        self._check_count("patience")

    def start(self) -> _AboveUsual:
        return _AboveUsual(self)


class _AboveUsual:
    """Compares the whole model's gradient with the reports that were not above the limit."""

    def __init__(self, rule: ExplodingGradients) -> None:
        self._rule = rule
        self._usual: list[float] = []
        self._streak = Streak(rule.patience)

    def see(self, observation: Observation) -> Verdict | None:
        size = observation.values.get(ALL, math.nan)
        usual = median(self._usual) if self._usual else math.inf
        is_large = not math.isfinite(size) or size > self._rule.factor * usual
        if not is_large and size > 0 and len(self._usual) < MOST:
            self._usual.append(size)
        if not self._streak.add(is_large):
            return None
        layer = _largest(observation.values)
        text = f"Gradients are {size:.3g}, and were {usual:.3g} before; most in layer {layer}."
        return Verdict(layer, observation.values[layer], text)


@dataclass(frozen=True)
class VanishingGradients(Rule):
    """
    Find a layer whose gradients are tiny compared with the largest of all layers.

    :param ratio: The smallest share of the largest layer's gradients.
    :param patience: Reports in a row of the same layer.
    """

    source: ClassVar[Source] = Source.GRADIENTS
    advice: ClassVar[str] = SMALL

    ratio: float = 1e-3
    patience: int = 5

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("ratio", 0, 1)
        self._check_count("patience")

    def start(self) -> _SmallestLayer:
        return _SmallestLayer(self)


class _SmallestLayer:
    def __init__(self, rule: VanishingGradients) -> None:
        self._rule = rule
        self._streaks: dict[str, Streak] = defaultdict(lambda: Streak(rule.patience))

    def see(self, observation: Observation) -> Verdict | None:
        layers = {name: v for name, v in observation.values.items() if name != ALL}
        if not layers or not all(map(math.isfinite, layers.values())):
            return None
        largest = _largest(layers)
        limit = self._rule.ratio * layers[largest]
        for name, size in layers.items():
            # With no gradient anywhere, each layer has vanished.
            if self._streaks[name].add(size < limit or layers[largest] == 0):
                text = (
                    f"Gradients of layer {name} are {size:.3g} for {self._rule.patience} reports, "
                    f"and those of {largest} {layers[largest]:.3g}."
                )
                return Verdict(name, size, text)
        return None


@dataclass(frozen=True)
class ExplodingUpdates(Rule):
    """
    Find weights that change by more than their own size in one step.

    :param limit: The largest change of all weights, as a share of their size.
    :param patience: Reports in a row.
    """

    source: ClassVar[Source] = Source.UPDATES
    advice: ClassVar[str] = LARGE

    limit: float = 1.0
    patience: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("limit", 0)
        self._check_count("patience")

    def start(self) -> _AboveLimit:
        return _AboveLimit(self)


class _AboveLimit:
    def __init__(self, rule: ExplodingUpdates) -> None:
        self._rule = rule
        self._streak = Streak(rule.patience)

    def see(self, observation: Observation) -> Verdict | None:
        if ALL not in observation.values:
            return None
        size = observation.values[ALL]
        if not self._streak.add(not math.isfinite(size) or size > self._rule.limit):
            return None
        layer = _largest(observation.values)
        text = (
            f"One step changes the weights by {size:.3g} times their size; most in layer {layer}."
        )
        return Verdict(layer, observation.values[layer], text)


@dataclass(frozen=True)
class VanishingUpdates(Rule):
    """
    Find a layer whose weights do not change.

    :param limit: The smallest change in one step, as a share of the weights' size.
    :param patience: Reports in a row of the same layer.
    """

    source: ClassVar[Source] = Source.UPDATES
    advice: ClassVar[str] = SMALL

    limit: float = 1e-8
    patience: int = 5

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_number("limit", 0)
        self._check_count("patience")

    def start(self) -> _BelowLimit:
        return _BelowLimit(self)


class _BelowLimit:
    def __init__(self, rule: VanishingUpdates) -> None:
        self._rule = rule
        self._streaks: dict[str, Streak] = defaultdict(lambda: Streak(rule.patience))

    def see(self, observation: Observation) -> Verdict | None:
        for name, size in observation.values.items():
            if name != ALL and self._streaks[name].add(size < self._rule.limit):
                text = (
                    f"The weights of layer {name} change by {size:.3g} of their size in a step, "
                    f"for {self._rule.patience} reports."
                )
                return Verdict(name, size, text)
        return None


def _largest(values: Mapping[str, float]) -> str:
    """Return the layer with the largest value; NaN counts as the largest."""
    layers = [name for name in values if name != ALL] or list(values)
    return max(layers, key=lambda n: math.inf if math.isnan(values[n]) else values[n])
