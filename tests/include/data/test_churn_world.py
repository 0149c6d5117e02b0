from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from include.data.churn_world import (
    SHIFTED_COLUMNS,
    World,
    land_slices,
    real_rows,
    rows_of,
    shifted,
    traffic,
)
from include.jobs.churn.schema import SCHEMA
from include.jobs.tabular.engine import Alone
from include.jobs.tabular.sources import labelled_sources
from include.jobs.tabular.window import checked

MARCH = date(2024, 3, 11)


def test_the_committed_rows_are_the_telecom_set() -> None:
    rows = real_rows()
    assert len({row["customer_id"] for row in rows}) == 5000
    assert sum(row["churn"] == "yes" for row in rows) == 707
    assert set(rows[0]) == set(SCHEMA.raw_columns)


def test_a_shift_moves_its_columns_and_no_other() -> None:
    row = real_rows()[0]
    moved = {column for column, value in shifted(row).items() if value != row[column]}
    assert moved == set(SHIFTED_COLUMNS)


@pytest.mark.parametrize("world", ["original", "shifted"])
def test_the_same_seed_makes_the_same_traffic(world: World) -> None:
    records = traffic(world, 50, seed=4)
    assert records == traffic(world, 50, seed=4)
    assert records != traffic(world, 50, seed=5)
    assert {tuple(json.loads(record)) for record in records} == {SCHEMA.inputs}


def test_labelled_slices_use_every_row_at_most_once(tmp_path: Path) -> None:
    """Nothing of the holdout can stand in the training rows."""
    paths = land_slices(tmp_path / "churn", "shifted", MARCH, weeks=8, seed=3)
    assert [path.stem for path in paths[:2]] == ["2024-03-11", "2024-03-18"]
    keys = [row["customer_id"] for row in real_rows(tmp_path / "churn")]
    assert len(keys) == len(set(keys)) == 4000
    with Alone(SCHEMA, tmp_path / "churn", tmp_path) as engine:
        sources = labelled_sources(engine.raw, engine.files, None)
        assert checked(SCHEMA, engine, sources)[0].rows == 4000


def test_more_slices_than_there_are_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"11 partitions need 5500 rows.*at most 10"):
        land_slices(tmp_path, "shifted", MARCH, weeks=11, seed=3)


def test_traffic_can_outlast_the_rows() -> None:
    assert len(traffic("original", 6000, seed=1)) == 6000


def test_rows_keep_their_labels() -> None:
    assert sum(row["churn"] == "yes" for row in rows_of("shifted", 1)) == 707
