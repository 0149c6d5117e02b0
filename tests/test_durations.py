"""The report of a run's time."""

from __future__ import annotations

import pytest

from tests.durations import PARTS, part_of, shares
from tests.root import ROOT


def test_a_run_is_divided_by_the_time_of_its_tests() -> None:
    by_file = {"tests/loop/test_a.py": 30.0, "tests/fuzz/test_b.py": 10.0}
    divided = shares(by_file, elapsed=20)
    assert divided["base"] == 15
    assert divided["fuzzing and documents"] == 5
    assert divided["browser"] == 0


@pytest.mark.parametrize("path", [path for paths in PARTS.values() for path in paths])
def test_parts_name_tests_that_exist(path: str) -> None:
    assert (ROOT / path).exists()
    assert part_of(path + "test_x.py") != "base"
