from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.jobs.tabular.partitions import by_time, files_below, format_of, held_out, time_of

NEW_YEAR = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "hour"),
    [
        ("2024-01-01.csv", 0),
        ("2024-01-01T06.csv.gz", 6),
        ("dt=2024-01-01/part-0.parquet", 0),
        ("2024-01-01T06/2023-05-05.csv", 6),
        ("0f3a/2024-01.parquet", 0),
    ],
)
def test_a_path_names_the_time_of_its_partition(path: str, hour: int) -> None:
    assert time_of(path) == NEW_YEAR.replace(hour=hour)


@pytest.mark.parametrize("path", ["march.csv", "20240101.csv", "2024-W01.csv", "a2024-01-01.csv"])
def test_another_name_has_no_time(path: str) -> None:
    assert time_of(path) is None


@pytest.mark.parametrize("path", ["2024-13-01.csv", "2024-02-30.csv", "2024-01-01T24.csv"])
def test_a_time_that_does_not_exist_is_an_error(path: str) -> None:
    with pytest.raises(ValueError, match=r"does not match|unconverted|out of range"):
        time_of(path)


def test_files_are_grouped_by_time_without_markers(tmp_path: Path) -> None:
    for name in ("dt=2024-02-01/b.csv", "dt=2024-02-01/a.csv", "dt=2024-02-01/_SUCCESS"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "2024-01-01.csv").touch()
    groups = by_time(files_below(tmp_path), "s3://lake/")
    assert [(time.month, files) for time, files in groups] == [
        (1, ["2024-01-01.csv"]),
        (2, ["dt=2024-02-01/a.csv", "dt=2024-02-01/b.csv"]),
    ]
    with pytest.raises(ValueError, match=r"s3://lake/march\.csv is not named by a time"):
        by_time(["march.csv"], "s3://lake/")


def test_the_format_is_read_from_the_content() -> None:
    starts = [b"x,y\n", gzip.compress(b"x,y\n"), b"PAR1rest", b""]
    assert [format_of(start) for start in starts] == ["csv", "csv.gz", "parquet", "csv"]


def test_the_holdout_begins_at_a_time_or_is_the_newest_partition() -> None:
    times = [NEW_YEAR.replace(day=day) for day in (15, 1, 8)]
    assert held_out(times, None) == [NEW_YEAR.replace(day=15)]
    assert held_out(times, NEW_YEAR.replace(day=8)) == sorted(times)[1:]
