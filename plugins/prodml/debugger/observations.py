"""Define what a rule observes of a training job: named numbers at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """The origin of an observation, and the meaning of its names."""

    METRIC = "metric"  # a metric of the job, such as validation:logloss
    GRADIENTS = "gradients"  # root mean square of a layer's gradients; ALL for the whole model
    UPDATES = "updates"  # relative change of a layer's weights in one step
    LABELS = "labels"  # rows seen so far, by class
    STEPS = "steps"  # seconds of one step: MEAN and SLOWEST since the last report
    USAGE = "usage"  # percent of an instance that is in use, such as cpu/algo-1


ALL = "all"
MEAN, SLOWEST = "mean", "slowest"


@dataclass(frozen=True, slots=True)
class Observation:
    """
    Numbers that a job reported together.

    :param source: Their origin.
    :param values: The numbers by name.
    :param at: The time, in seconds since 1970.
    """

    source: Source
    values: Mapping[str, float]
    at: float
