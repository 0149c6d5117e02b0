from __future__ import annotations

import csv
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from include.data.churn_world import COMMITTED, Row
from include.jobs.churn.schema import SCHEMA
from include.jobs.tabular.features import model_fn, transform_fn
from include.jobs.tabular.preprocess import split
from include.jobs.tabular.scoring import write_keyed_records
from include.settings import ROOT
from tests.include.conftest import write_csv


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three slices, split as the Processing job does it, by the entry point of the container."""
    raw, output = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("output")
    for path in sorted(COMMITTED.glob("*.csv"))[:3]:
        (raw / path.name).write_text(path.read_text())
    entry_point = str(ROOT / "include" / "jobs" / "run.py")
    command = [sys.executable, entry_point, "tabular.preprocess", "split", "--schema", "churn"]
    command += ["--raw", str(raw), "--output", str(output)]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return output


def table(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_the_newest_slice_is_held_out_and_nothing_is_lost(prepared: Path) -> None:
    train = table(prepared / "train" / "train.csv")
    validation = table(prepared / "validation" / "validation.csv")
    holdout = table(prepared / "holdout" / "part-00000.csv")
    assert [len(train), len(validation), len(holdout)] == [800, 200, 500]
    assert {len(row) for row in [*train, *validation]} == {len(SCHEMA.features) + 1}
    assert {len(row) for row in holdout} == {len(SCHEMA.inputs)}
    assert {row[0] for row in train} == {"0", "1"}


def test_holdout_labels_are_those_of_the_newest_slice_in_its_order(prepared: Path) -> None:
    newest = table(COMMITTED / "2024-01-15.csv")
    place = newest[0].index("churn")
    expected = ["1" if row[place] == "yes" else "0" for row in newest[1:]]
    assert (prepared / "holdout_labels" / "part-00000.csv").read_text().split() == expected


def test_the_baseline_has_a_header_and_the_rows_that_were_learned_from(prepared: Path) -> None:
    baseline = table(prepared / "baseline" / "baseline.csv")
    assert tuple(baseline[0]) == SCHEMA.inputs
    assert len(baseline) == 1001
    document = json.loads((prepared / "baseline" / "statistics.json").read_text())
    assert document["dataset"]["item_count"] == 1000
    kinds = {feature["name"]: feature["inferred_type"] for feature in document["features"]}
    assert list(kinds) == list(SCHEMA.inputs)
    texts = {name for name, kind in kinds.items() if kind == "String"}
    assert texts == {*SCHEMA.flags, *SCHEMA.categories}  # a category of digits too
    contract = json.loads((prepared / "baseline" / "contract.json").read_text())
    assert (contract["contract"], contract["key"]) == (SCHEMA.contract, SCHEMA.key)


def test_new_rows_become_records_with_their_keys(rows: list[Row], tmp_path: Path) -> None:
    """Without labels, in their order, in the schema's columns after the key."""
    unlabelled = [{k: v for k, v in row.items() if k != "churn"} for row in rows[:20]]
    raw = tmp_path / "raw"
    raw.mkdir()
    write_csv(raw / "2024-01-15.csv", unlabelled)
    write_keyed_records(SCHEMA, raw, tmp_path, SCHEMA.inputs)
    written = table(tmp_path / "records" / "part-00000.csv")
    names = (SCHEMA.key, *SCHEMA.inputs)
    assert written == [[row[name] for name in names] for row in unlabelled]
    assert json.loads((tmp_path / "summary" / "rows.json").read_text()) == {"rows": 20}


def test_validation_records_are_the_raw_rows_of_the_encoded_ones(prepared: Path) -> None:
    """The archive that travels with the model encodes them as training has seen them."""
    with tarfile.open(prepared / "preprocessing" / "model.tar.gz") as archive:
        archive.extractall(prepared / "model", filter="data")
    records = (prepared / "validation_records" / "part-00000.csv").read_text()
    labels = (prepared / "validation_labels" / "part-00000.csv").read_text().split()
    answer = transform_fn(model_fn(str(prepared / "model")), records, "text/csv", "text/csv")
    assert isinstance(answer, tuple)
    pairs = zip(labels, answer[0].splitlines()[:-1], strict=True)
    encoded = (prepared / "validation" / "validation.csv").read_text().splitlines()
    assert [f"{label},{features}" for label, features in pairs] == encoded


def test_a_window_of_one_slice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "2024-01-01.csv").write_text((COMMITTED / "2024-01-01.csv").read_text())
    with pytest.raises(SystemExit, match="has one partition"):
        split(SCHEMA, tmp_path, tmp_path / "output")
