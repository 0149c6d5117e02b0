from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from include.pipelines.data.slices import find_slices, interval_has_slice, newer_than, window_ending
from include.settings import ROOT

COMMITTED = ROOT / "include" / "data"


def test_a_later_folder_replaces_a_slice_and_adds_newer_ones(landing: Path) -> None:
    for name in ("2024-03-04.csv", "2024-03-11.csv"):
        (landing / name).touch()
    slices = find_slices([COMMITTED, landing.parent], "churn")
    assert len(slices) == 11
    assert [piece.path.parent for piece in slices[-2:]] == [landing, landing]


def test_a_slice_without_a_date_is_named(landing: Path) -> None:
    (landing / "march.csv").touch()
    with pytest.raises(ValueError, match=r"march\.csv is not named by a date\. Rename it"):
        find_slices([landing.parent], "churn")


def test_a_window_holds_the_last_complete_slices() -> None:
    slices = find_slices([COMMITTED], "churn")
    window = window_ending(slices, date(2024, 2, 14), 3)
    assert [piece.first_day.day for piece in window.slices] == [22, 29, 5]
    assert window.to_json()["end"] == "2024-02-12"


def test_a_window_without_anything_to_train_on_is_refused() -> None:
    slices = find_slices([COMMITTED], "churn")
    with pytest.raises(ValueError, match="A window of 1 partitions is too short"):
        window_ending(slices, date(2024, 1, 8), 8)


@pytest.mark.parametrize(("first", "last", "expected"), [(1, 8, True), (2, 8, True), (8, 9, False)])
def test_an_interval_has_the_slice_that_becomes_complete_in_it(
    first: int, last: int, expected: bool
) -> None:
    slices = find_slices([COMMITTED], "churn")
    start, end = (datetime(2024, 1, day, tzinfo=UTC) for day in (first, last))
    assert interval_has_slice(slices, start, end) is expected


def test_newer_is_what_ends_after_the_models_window() -> None:
    slices = find_slices([COMMITTED], "churn")
    assert [piece.first_day for piece in newer_than(slices, date(2024, 3, 4))] == [date(2024, 3, 4)]


@pytest.mark.parametrize("name", ["2024-03-05.csv", "20240304.csv", "2024-W10-1.csv"])
def test_a_slice_of_another_day_than_monday_is_named(landing: Path, name: str) -> None:
    (landing / name).touch()
    with pytest.raises(ValueError, match=r"Rename it to 2024-03-04\.csv"):
        find_slices([landing.parent], "churn")
