"""Check search spaces: bounds that can hold a value, and how many jobs a search may start."""

from __future__ import annotations

from typing import Any

import pytest

from include.pipelines.definition.search_space import Search

SEARCH = Search("tree", {"eta": (0.1, 0.3)}, {"depth": [2, 4, 8], "eta": [0.1, 0.3]})


@pytest.mark.parametrize(
    ("ranges", "grid", "complaint"),
    [
        ({"eta": (0.3, 0.1)}, {}, "eta is searched from 0.3 to 0.1: write the lower bound first"),
        ({"eta": (0.1, 0.1)}, {}, "eta is searched from 0.1 to 0.1"),
        ({}, {"eta": []}, "eta has no value in the grid"),
    ],
)
def test_where_nothing_can_be_found_is_refused(ranges: Any, grid: Any, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Search("tree", ranges, grid)


@pytest.mark.parametrize("strategy", ["Bayesian", "Random"])
def test_a_search_between_bounds_starts_as_many_jobs_as_asked(strategy: str) -> None:
    assert SEARCH.searched(strategy) == {"eta": (0.1, 0.3)}
    assert SEARCH.jobs({"strategy": strategy, "max_jobs": "7"}) == 7


def test_a_grid_is_every_combination_whatever_was_asked() -> None:
    assert SEARCH.searched("Grid") == SEARCH.grid
    assert SEARCH.jobs({"strategy": "Grid", "max_jobs": 2}) == 6
