"""The laptop's world: every demo moves it to the other one, eight weeks on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from include.demo import environment as env
from include.demo import world
from include.demo.world import WEEKS, LaptopWorld

ROWS = 300


@pytest.fixture(autouse=True)
def laptop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laptop on which no demo has run."""
    monkeypatch.setattr(env, "LANDING", tmp_path / "landing")
    monkeypatch.setattr(world, "STATE", tmp_path / "world.json")
    return tmp_path


def mean_minutes(rows: list[str]) -> float:
    return sum(float(json.loads(row)["total_day_minutes"]) for row in rows) / len(rows)


def test_shifted_traffic_comes_from_the_other_world() -> None:
    laptop_world = LaptopWorld.of_this_laptop()
    clean = laptop_world.clean_rows(ROWS)
    shifted = laptop_world.shifted_rows(ROWS)
    assert mean_minutes(shifted) == pytest.approx(1.5 * mean_minutes(clean) + 60, rel=0.05)
    assert laptop_world.last_shifted == shifted


def test_labelled_weeks_follow_the_newest_slice() -> None:
    first = LaptopWorld.of_this_laptop().land_labelled_slices()
    second = LaptopWorld.of_this_laptop().land_labelled_slices()
    assert len(first) == len(second) == WEEKS
    assert sorted({*first, *second}) == first + second  # none replaces another
    assert len(list((env.LANDING / "churn").glob("*.csv"))) == 2 * WEEKS


def test_the_next_demo_finds_the_new_world_as_the_normal_one(laptop: Path) -> None:
    before = LaptopWorld.of_this_laptop()
    shifted = before.shifted_rows(ROWS)
    before.land_labelled_slices()
    assert json.loads((laptop / "world.json").read_text()) == {"world": "shifted", "seed": 3}
    after = LaptopWorld.of_this_laptop()
    assert mean_minutes(after.clean_rows(ROWS)) == pytest.approx(mean_minutes(shifted), rel=0.05)
    assert after.clean_rows(ROWS) != shifted  # other customers of it
