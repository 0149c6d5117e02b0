"""Define the hyperparameters that tuning varies, and their bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STRATEGIES = ("Bayesian", "Random", "Grid")
GRID = "Grid"


@dataclass(frozen=True)
class Search:
    """
    The hyperparameters of one candidate to search.

    :param candidate: Its name; what is not searched keeps the candidate's value.
    :param ranges: Least and most by hyperparameter; between two integers only integers are tried.
    :param grid: The values that a grid search combines, by hyperparameter.
    """

    candidate: str
    ranges: Mapping[str, tuple[float, float]]
    grid: Mapping[str, Sequence[object]]

    def __post_init__(self) -> None:
        for name, (low, high) in self.ranges.items():
            if low >= high:
                raise ValueError(
                    f"{name} is searched from {low} to {high}: write the lower bound first."
                )
        if empty := [name for name, values in self.grid.items() if not values]:
            raise ValueError(f"{empty[0]} has no value in the grid: add values, or leave it out.")

    def searched(self, strategy: str) -> Mapping[str, Any]:
        return self.grid if strategy == GRID else self.ranges

    def jobs(self, params: Mapping[str, Any]) -> int:
        """Return the maximum number of training jobs; a grid is tried completely."""
        if params["strategy"] == GRID:
            return math.prod(len(values) for values in self.grid.values())
        return int(params["max_jobs"])
