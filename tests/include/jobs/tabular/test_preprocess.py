from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from include.data.churn_world import COMMITTED, Row
from include.jobs.churn.schema import SCHEMA
from include.jobs.tabular.engine import Alone
from include.jobs.tabular.features import model_fn, transform_fn
from include.jobs.tabular.preprocess import reported, split
from include.jobs.tabular.window import BadData
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


def done(raw: Path, holdout_rows: int = 1) -> str:
    with Alone(SCHEMA, raw, raw / "output") as engine:
        return split(SCHEMA, engine, raw / "output", None, holdout_rows)


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def parts(folder: Path) -> list[list[str]]:
    return [row for path in files(folder) for row in table(path)]


def table(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


def test_the_newest_slice_is_held_out_and_nothing_is_lost(prepared: Path) -> None:
    train, validation = (parts(prepared / name) for name in ("train", "validation"))
    holdout = parts(prepared / "holdout")
    assert [len(train) + len(validation), len(holdout)] == [1000, 500]
    rows = json.loads((prepared / "baseline" / "rows.json").read_text())
    assert rows == {"train": len(train), "validation": len(validation), "holdout": 500}
    assert {len(row) for row in [*train, *validation]} == {len(SCHEMA.features) + 1}
    assert {len(row) for row in holdout} == {len(SCHEMA.inputs)}
    assert {row[0] for row in train} == {"0", "1"}


def test_holdout_labels_are_those_of_the_newest_slice_in_its_order(prepared: Path) -> None:
    newest = table(COMMITTED / "2024-01-15.csv")
    place = newest[0].index("churn")
    expected = ["1" if row[place] == "yes" else "0" for row in newest[1:]]
    assert [label for (label,) in parts(prepared / "holdout_labels")] == expected


def test_the_baseline_summarizes_the_rows_that_were_learned_from(prepared: Path) -> None:
    document = json.loads((prepared / "baseline" / "statistics.json").read_text())
    assert document["dataset"]["item_count"] == 1000
    kinds = {feature["name"]: feature["inferred_type"] for feature in document["features"]}
    assert list(kinds) == list(SCHEMA.inputs)
    texts = {name for name, kind in kinds.items() if kind == "String"}
    assert texts == {*SCHEMA.flags, *SCHEMA.categories}  # a category of digits too
    contract = json.loads((prepared / "baseline" / "contract.json").read_text())
    assert (contract["contract"], contract["key"]) == (SCHEMA.contract, SCHEMA.key)


def test_validation_records_are_the_raw_rows_of_the_encoded_ones(prepared: Path) -> None:
    """The archive that travels with the model encodes them as training has seen them."""
    shutil.unpack_archive(prepared / "preprocessing" / "model.tar.gz", prepared / "model")
    records = "".join(path.read_text() for path in files(prepared / "validation_records"))
    answer = transform_fn(model_fn(str(prepared / "model")), records, "text/csv", "text/csv")
    assert isinstance(answer, tuple)
    served = [[*map(float, line.split(","))] for line in answer[0].splitlines()[:-1]]
    encoded = [[*map(float, row)] for row in parts(prepared / "validation")]
    assert [row[1:] for row in encoded] == served
    labels = [float(label) for (label,) in parts(prepared / "validation_labels")]
    assert [row[0] for row in encoded] == labels


def test_a_holdout_with_few_rows_is_refused(tmp_path: Path, rows: list[Row]) -> None:
    write_csv(tmp_path / "2024-01-01.csv", rows[:200])
    write_csv(tmp_path / "2024-01-08.csv", rows[200:230])
    with pytest.raises(BadData, match="it has 30 rows, fewer than 31"):
        done(tmp_path, holdout_rows=31)


def test_violations_end_the_job_with_a_report(tmp_path: Path, rows: list[Row]) -> None:
    write_csv(tmp_path / "2024-01-01.csv", [{**rows[0], "state": "ZZ"}, *rows[1:200]])
    write_csv(tmp_path / "2024-01-08.csv", rows[200:400])
    output = tmp_path / "output"
    outcome = reported(lambda: done(tmp_path), output)
    assert outcome.code == 1
    assert outcome.message.startswith("1 violation in the raw data (vocabulary 1).")
    report = json.loads((output / "violations" / "violations.json").read_text())
    assert report["rules"] == {"vocabulary": 1}
    assert report["violations"][0]["row"] == 2
