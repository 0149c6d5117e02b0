"""Watch how much of its instances a job uses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import ClassVar

from prodml.debugger.observations import Observation, Source
from prodml.debugger.rule import Rule, Verdict
from prodml.debugger.smoothing import Streak

RESOURCES = ("cpu", "memory", "gpu", "gpu_memory", "disk")


@dataclass(frozen=True)
class LowUse(Rule):
    """
    Find an instance of which a job uses little, and pays all.

    :param resource: ``cpu``, ``memory``, ``gpu``, ``gpu_memory`` or ``disk``.
    :param below: Percent of the instance.
    :param patience: Minutes in a row.
    """

    source: ClassVar[Source] = Source.USAGE
    advice: ClassVar[str] = (
        "Choose a smaller or cheaper instance type, or fewer instances. A GPU that waits: load "
        "data in more processes, enlarge the batch, use mixed precision. A CPU that waits: read "
        "less often from S3 (File or FastFile mode), and raise the number of threads."
    )

    resource: str = "cpu"
    below: float = 10.0
    patience: int = 10

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.resource not in RESOURCES:
            self._refuse("resource", f"one of {', '.join(RESOURCES)}")
        self._check_number("below", 0, 100)
        self._check_count("patience")

    def start(self) -> _Use:
        return _Use(self.resource, self.patience, 0.0, self.below, f"below {self.below:g} %")


@dataclass(frozen=True)
class HighUse(Rule):
    """
    Find an instance that is nearly exhausted, so that the job may fail or waits.

    :param resource: ``cpu``, ``memory``, ``gpu``, ``gpu_memory`` or ``disk``.
    :param above: Percent of the instance.
    :param patience: Minutes in a row.
    """

    source: ClassVar[Source] = Source.USAGE
    advice: ClassVar[str] = (
        "Memory or disk: choose a larger instance or volume, read the data in parts (Pipe or "
        "FastFile mode), use smaller batches and narrower types. CPU while a GPU waits: move "
        "preprocessing out of the training loop."
    )

    resource: str = "memory"
    above: float = 90.0
    patience: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.resource not in RESOURCES:
            self._refuse("resource", f"one of {', '.join(RESOURCES)}")
        self._check_number("above", 0, 100)
        self._check_count("patience")

    def start(self) -> _Use:
        highest = float("inf")
        return _Use(self.resource, self.patience, self.above, highest, f"above {self.above:g} %")


class _Use:
    """Counts for each instance the reports strictly between two limits."""

    def __init__(
        self, resource: str, patience: int, above: float, below: float, limit: str
    ) -> None:
        self._prefix = f"{resource}/"
        self._above, self._below, self._limit = above, below, limit
        self._streaks: dict[str, Streak] = defaultdict(lambda: Streak(patience))

    def see(self, observation: Observation) -> Verdict | None:
        for name, percent in observation.values.items():
            if not name.startswith(self._prefix):
                continue
            streak = self._streaks[name]
            is_zero = percent == 0 and self._above == 0
            if streak.add(self._above < percent < self._below or is_zero):
                text = (
                    f"{name} is {percent:.3g} % in use, and {self._limit} for {streak.length} "
                    "minutes."
                )
                return Verdict(name, percent, text)
        return None
