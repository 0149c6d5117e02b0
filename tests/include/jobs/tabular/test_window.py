from __future__ import annotations

import csv
import json
import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from include.data.churn_world import COMMITTED
from include.jobs.churn.schema import SCHEMA as CHURN
from include.jobs.tabular.encoding import Encoder
from tests.include.jobs.tabular.window_files import (
    SCHEMA,
    Row,
    prepared,
    rows_of,
    write_csv,
    write_gzip,
    write_parquet,
)

OLDER, HOLDOUT = rows_of(0, 400), rows_of(400, 100)


def cells(folder: Path) -> list[list[str]]:
    """Return the records of all parts of a data set."""
    texts = [path.read_text() for path in sorted(folder.iterdir())]
    return [row for text in texts for row in csv.reader(text.splitlines())]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw, output = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("output")
    write_csv(raw / "2024-01-01.csv", OLDER[:150])
    write_csv(raw / "dt=2024-01-08" / "part-0.csv", OLDER[150:300])
    write_csv(raw / "dt=2024-01-08" / "part-1.csv", OLDER[300:])
    write_csv(raw / "2024-01-15.csv", HOLDOUT)
    prepared(raw, output)
    return output


def test_the_newest_partition_is_held_out_as_raw_records(output: Path) -> None:
    assert cells(output / "holdout") == [[row[n] for n in SCHEMA.inputs] for row in HOLDOUT]
    labels = [[str(["no", "yes"].index(row["bought"]))] for row in HOLDOUT]
    assert cells(output / "holdout_labels") == labels


def test_older_rows_are_divided_by_key_and_none_is_lost(output: Path) -> None:
    spent = {row["spent"]: row for row in OLDER}
    train, validation = cells(output / "train"), cells(output / "validation")
    assert {len(row) for row in [*train, *validation]} == {len(SCHEMA.features) + 1}
    assert sorted([float(row[2]) for row in [*train, *validation]]) == [*map(float, spent)]
    assert 0.1 < len(validation) / len(OLDER) < 0.3
    records = cells(output / "validation_records")
    assert records == [[spent[row[1]][name] for name in SCHEMA.inputs] for row in records]
    assert [row[1] for row in records] == [row[2] for row in validation]
    assert cells(output / "validation_labels") == [[row[0]] for row in validation]


def test_rows_are_encoded_as_an_endpoint_encodes_records(output: Path) -> None:
    document = json.loads((output / "baseline" / "statistics.json").read_text())
    assert document["dataset"]["item_count"] == len(OLDER)
    train = cells(output / "train")
    known = {row["spent"]: row for row in OLDER}
    ages = [float(a) for row in train if (a := known[row[2]]["age"])]
    medians = {"age": statistics.median(ages), "spent": 0.0}
    encoder = Encoder(SCHEMA, medians)
    for row in train:
        line = encoder.line([known[row[2]][name] for name in SCHEMA.inputs])
        assert [*map(float, row[1:])] == [*map(float, line.split(","))]


def test_the_baseline_has_raw_columns(output: Path) -> None:
    features = json.loads((output / "baseline" / "statistics.json").read_text())["features"]
    assert [feature["name"] for feature in features] == [*SCHEMA.inputs]
    kinds = [feature["inferred_type"] for feature in features]
    assert kinds == ["Integral", "Fractional", "String", "String"]
    missing = sum(not row["age"] for row in OLDER)
    assert features[0]["numerical_statistics"]["common"]["num_missing"] == missing


@pytest.mark.parametrize("write", [write_gzip, write_parquet])
def test_every_format_gives_the_same_data_sets(
    output: Path, tmp_path: Path, write: Callable[[Path, list[Row]], None]
) -> None:
    raw = tmp_path / "raw"
    write(raw / "2024-01-01.data", OLDER[:150])
    write(raw / "dt=2024-01-08" / "part-0", OLDER[150:300])
    write(raw / "dt=2024-01-08" / "part-1", OLDER[300:])
    write(raw / "2024-01-15.data", HOLDOUT)
    prepared(raw, tmp_path / "output")
    for name in ("train", "validation", "validation_records", "holdout"):
        one, other = cells(output / name), cells(tmp_path / "output" / name)
        assert _numbers(other) == _numbers(one)
    for name in ("preprocessing/model.tar.gz", "baseline/statistics.json"):
        assert (tmp_path / "output" / name).read_bytes() == (output / name).read_bytes()


def _numbers(rows: list[list[str]]) -> list[list[str | float]]:
    return [[float(cell) if cell[:1].isdigit() else cell for cell in row] for row in rows]


def test_the_churn_data_keep_their_form(tmp_path: Path) -> None:
    for path in sorted(COMMITTED.glob("*.csv"))[:3]:
        (tmp_path / path.name).symlink_to(path)
    rows = prepared(tmp_path, tmp_path / "output", CHURN)
    assert rows["train"] + rows["validation"] == 1000
    assert rows["holdout"] == 500


def test_personal_values_are_learned_from_and_not_in_the_baseline(tmp_path: Path) -> None:
    hidden = replace(SCHEMA, personal=("age",))
    write_csv(tmp_path / "raw" / "2024-01-01.csv", OLDER)
    write_csv(tmp_path / "raw" / "2024-01-08.csv", HOLDOUT)
    prepared(tmp_path / "raw", tmp_path / "output", hidden)
    train = cells(tmp_path / "output" / "train")
    assert all(float(row[1]) >= 20 for row in train)  # of empty cells too: the median
    feature = json.loads((tmp_path / "output/baseline/statistics.json").read_text())["features"][0]
    assert feature["personal"]
    sample = json.loads((tmp_path / "output/baseline/sample.json").read_text())
    assert "age" not in sample["columns"]
    assert len(sample["columns"]) == len(SCHEMA.inputs) - 1
    assert "numerical_statistics" not in feature
