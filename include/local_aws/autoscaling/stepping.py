"""Step scaling: select the step of a breach, and apply its adjustment."""

from __future__ import annotations

import math
from itertools import pairwise

from ..core.store import Doc


def wanted(config: Doc, capacity: int, breach: float) -> int:
    """Return the capacity after the step for *breach*, the distance from the threshold."""
    step = _step(config["StepAdjustments"], breach)
    return _adjusted(config, capacity, step["ScalingAdjustment"]) if step else capacity


def _step(steps: list[Doc], breach: float) -> Doc | None:
    """Return the step of *breach*; None beyond the last one.

    Above the threshold the lower bound of an interval is part of it, below the upper one.
    """
    intervals = [(step, *_interval(step)) for step in steps]
    above = [step for step, low, high in intervals if breach >= 0 and low <= breach < high]
    below = [step for step, low, high in intervals if breach <= 0 and low < breach <= high]
    return next(iter(above + below), None)


def problem(config: Doc) -> str | None:
    """Return AWS's reason to refuse a step scaling configuration; None if it is valid."""
    if "AdjustmentType" not in config:
        return "AdjustmentType must be specified for a step scaling policy."
    steps = sorted(_interval(step) for step in config.get("StepAdjustments", []))
    if not steps:
        return "At least one StepAdjustment must be specified for a step scaling policy."
    if any(low >= high for low, high in steps):
        return "The upper bound of a step's interval must be greater than its lower bound."
    if any(step[1] != following[0] for step, following in pairwise(steps)):
        return "The intervals of the StepAdjustments must have no gaps and must not overlap."
    if "MinAdjustmentMagnitude" in config and config["AdjustmentType"] != "PercentChangeInCapacity":
        return "MinAdjustmentMagnitude is only for AdjustmentType PercentChangeInCapacity."
    return None


def _interval(step: Doc) -> tuple[float, float]:
    low = step.get("MetricIntervalLowerBound")
    high = step.get("MetricIntervalUpperBound")
    return (-math.inf if low is None else low, math.inf if high is None else high)


def _adjusted(config: Doc, capacity: int, adjustment: int) -> int:
    kind: str = config.get("AdjustmentType", "ChangeInCapacity")
    if kind == "ExactCapacity":
        return adjustment
    if kind == "ChangeInCapacity":
        return capacity + adjustment
    change = capacity * adjustment / 100
    whole = math.floor(change) if change > 1 else math.ceil(change) if change < -1 else 0
    whole = whole or int(math.copysign(1, adjustment))
    least = config.get("MinAdjustmentMagnitude", 0)
    return capacity + int(math.copysign(max(abs(whole), least), adjustment))
