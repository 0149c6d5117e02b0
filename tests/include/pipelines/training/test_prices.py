"""Prices of instances: the shipped table, and a custom one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from include.pipelines.training.prices import Prices, prices, read
from include.settings import settings

TABLE = {"as_of": "2026-11-01", "usd_per_hour": {"ml.m5.large": 0.2, "ml.c5.xlarge": "0.24"}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "prices.json"


def test_a_table_of_one_s_own_takes_the_place_of_the_shipped_one(path: Path) -> None:
    path.write_text(json.dumps(TABLE))
    mine = read(path)
    assert (mine.as_of, mine.of("ml.m5.large"), mine.of("ml.c5.xlarge")) == (
        "2026-11-01",
        0.2,
        0.24,
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"ml.m5.large": 0.2}',
        '{"as_of": "2026-11-01", "usd_per_hour": {"ml.m5.large": "cheap"}}',
        '{"as_of": "2026-11-01", "usd_per_hour": [0.2]}',
        "ml.m5.large,0.2",
    ],
)
def test_a_file_of_another_form_is_refused_with_the_way_back(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(ValueError, match=r"prices.json is not a price table .*unset PRODML_PRICES"):
        read(path)


def test_a_missing_file_is_refused_the_same_way(path: Path) -> None:
    with pytest.raises(ValueError, match=r"is not a price table .*unset PRODML_PRICES"):
        read(path)


def test_an_unknown_instance_is_named_with_where_to_add_it() -> None:
    table = Prices("2026-11-01", {"ml.m5.large": 0.2}, Path("prices.json"))
    with pytest.raises(
        ValueError, match=r"'ml\.x1\.huge'\. Add it to prices\.json, or use .*large"
    ):
        table.of("ml.x1.huge")


def test_the_shipped_table_prices_the_default_instance() -> None:
    assert prices().of(settings().instance_type) > 0
