"""The parts of the data sets: complete or absent, and without a lost row."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from include.jobs.tabular.datasets import PARTIAL, Parts
from tests.include.jobs.tabular.window_files import HOLDOUT, OLDER, SCHEMA, cells


def test_the_newest_partition_is_held_out_as_raw_records(data_sets: Path) -> None:
    assert cells(data_sets / "holdout") == [[row[n] for n in SCHEMA.inputs] for row in HOLDOUT]
    labels = [[str(["no", "yes"].index(row["bought"]))] for row in HOLDOUT]
    assert cells(data_sets / "holdout_labels") == labels


def test_older_rows_are_divided_by_key_and_none_is_lost(data_sets: Path) -> None:
    spent = {row["spent"]: row for row in OLDER}
    train, validation = cells(data_sets / "train"), cells(data_sets / "validation")
    assert {len(row) for row in [*train, *validation]} == {len(SCHEMA.features) + 1}
    assert sorted([float(row[2]) for row in [*train, *validation]]) == [*map(float, spent)]
    assert 0.1 < len(validation) / len(OLDER) < 0.3
    records = cells(data_sets / "validation_records")
    assert records == [[spent[row[1]][name] for name in SCHEMA.inputs] for row in records]
    assert [row[1] for row in records] == [row[2] for row in validation]
    assert cells(data_sets / "validation_labels") == [[row[0]] for row in validation]


def test_a_part_without_a_line_is_not_made(tmp_path: Path) -> None:
    with Parts(tmp_path, "part-00000.csv") as parts:
        parts.write("train", pa.array(["1,2", "é,4"]))
        parts.write("train", pa.array(["x", "5,6"])[1:])
        parts.write("validation", pa.array([], pa.string()))
    assert (tmp_path / "train" / "part-00000.csv").read_text() == "1,2\né,4\n5,6\n"
    assert [path.name for path in tmp_path.iterdir()] == ["train"]


def test_a_part_is_absent_after_a_failure_and_those_of_others_stay(tmp_path: Path) -> None:
    other = Parts(tmp_path, "part-00001.csv")
    other.write("train", pa.array(["7,8"]))
    with pytest.raises(OSError, match="full"):
        fail(Parts(tmp_path, "part-00000.csv"))
    assert [path.name for path in (tmp_path / PARTIAL).iterdir()] == ["train-part-00001.csv"]
    with other:
        pass
    assert [path.name for path in (tmp_path / "train").iterdir()] == ["part-00001.csv"]
    assert not (tmp_path / PARTIAL).exists()


def fail(parts: Parts) -> None:
    with parts:
        parts.write("train", pa.array(["1,2"]))
        raise OSError("disk full")
