from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from include.data.churn_world import COMMITTED
from include.jobs.churn.schema import SCHEMA as CHURN
from tests.include.jobs.tabular import broken_windows
from tests.include.jobs.tabular.broken_windows import NEWEST, violations_of
from tests.include.jobs.tabular.window_files import (
    HOLDOUT,
    OLDER,
    Row,
    cells,
    prepared,
    write_csv,
    write_gzip,
    write_parquet,
)


@pytest.mark.parametrize("write", [write_gzip, write_parquet])
def test_every_format_gives_the_same_data_sets(
    data_sets: Path, tmp_path: Path, write: Callable[[Path, list[Row]], None]
) -> None:
    raw = tmp_path / "raw"
    write(raw / "2024-01-01.data", OLDER[:150])
    write(raw / "dt=2024-01-08" / "part-0", OLDER[150:300])
    write(raw / "dt=2024-01-08" / "part-1", OLDER[300:])
    write(raw / "2024-01-15.data", HOLDOUT)
    prepared(raw, tmp_path / "output")
    for name in ("train", "validation", "validation_records", "holdout"):
        one, other = cells(data_sets / name), cells(tmp_path / "output" / name)
        assert _numbers(other) == _numbers(one)
    for name in ("preprocessing/model.tar.gz", "baseline/statistics.json"):
        assert (tmp_path / "output" / name).read_bytes() == (data_sets / name).read_bytes()


def _numbers(rows: list[list[str]]) -> list[list[str | float]]:
    return [[float(cell) if cell[:1].isdigit() else cell for cell in row] for row in rows]


def test_the_churn_data_keep_their_form(tmp_path: Path) -> None:
    for path in sorted(COMMITTED.glob("*.csv"))[:3]:
        (tmp_path / path.name).symlink_to(path)
    rows = prepared(tmp_path, tmp_path / "output", CHURN)
    assert rows["train"] + rows["validation"] == 1000
    assert rows["holdout"] == 500


def test_a_label_that_never_occurs_in_a_part_is_named(raw: Path) -> None:
    write_csv(raw / NEWEST, [{**row, "bought": "no"} for row in broken_windows.HOLDOUT])
    (violation,) = violations_of(raw).shown["labels"]
    where = f"the holdout ({raw / NEWEST}), column 'bought'"
    assert str(violation).startswith(f"{where}: no row says 'yes'")


def test_a_column_without_a_number_is_named(raw: Path) -> None:
    write_csv(raw / "2024-01-01.csv", [{**row, "age": ""} for row in broken_windows.OLDER])
    (violation,) = violations_of(raw).shown["column"]
    assert violation.column == "age"
