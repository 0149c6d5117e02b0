"""The data of a check, read once: records in every form, files of tables, and answers."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from include.jobs.drift.baseline import read_baseline
from include.jobs.drift.check import judge
from include.jobs.drift.contracts import CONTRACT
from include.jobs.drift.observation import (
    Question,
    observe,
    read_predictions,
    read_values,
    without,
)
from include.jobs.drift.tables import Batch
from tests.include.jobs.drift.data import HEADER, record, rows, write_capture

NAMES = HEADER.split(",")
ANSWER = json.dumps({"label": "yes", "probability": 0.75, "version": "3"})
SEVERAL = json.dumps([{"label": "no", "probability": 0.25, "version": "3"}] * 2)


@pytest.fixture(name="keyed")
def _keyed(baseline: Path, tmp_path: Path) -> Path:
    """Return the baseline with the contract of a model whose rows have the key `id`."""
    folder = tmp_path / "keyed"
    shutil.copytree(baseline, folder)
    (folder / CONTRACT).write_text(json.dumps({"inputs": NAMES, "key": "id"}))
    return folder


def as_json(row: str, key: bool = False) -> dict[str, object]:
    (cells,) = csv.reader(io.StringIO(row))
    minutes, calls, plan = cells
    named = {"minutes": float(minutes), "calls": int(calls), "plan": plan}
    return {"id": f"c{minutes}"} | named if key else named


def test_each_form_of_a_record_is_compared_by_column(keyed: Path, tmp_path: Path) -> None:
    given = rows(600, 2)
    turned = "\n".join(",".join(reversed(row.split(","))) for row in given[300:400])
    records = [
        *(record(row, answer="0.5\n") for row in given[:100]),
        record("\n".join([HEADER, *given[100:200]]), answer="0.5\n" * 100),
        *(record(json.dumps(as_json(row)), encoding="JSON") for row in given[200:250]),
        *(record(json.dumps(as_json(row, key=True)), encoding="JSON") for row in given[250:300]),
        record(f"plan,calls,minutes\n{turned}"),
        record(json.dumps([as_json(row) for row in given[400:500]]), encoding="JSON"),
        record("\n".join(json.dumps(as_json(row)) for row in given[500:]), encoding="JSON"),
        record(given[0], answer=ANSWER),
        record(given[1], answer=SEVERAL),
    ]
    question = Question(write_capture(tmp_path / "c", records), read_baseline(keyed))
    seen = observe(question)
    assert list(seen.features.columns) == NAMES
    assert seen.features.rows == 602
    assert {column.missing for column in seen.features.columns.values()} == {0}
    predictions = seen.predictions.columns
    assert list(predictions) == ["prediction"]
    assert predictions["prediction"].numbers.rows == 100 + 100 + 1 + 2
    assert judge(question, seen).outcome == "OK"


def test_a_transforms_input_has_its_key_before_the_columns(keyed: Path, tmp_path: Path) -> None:
    data, answers = tmp_path / "data", tmp_path / "answers"
    for folder in (data, answers):
        folder.mkdir()
    given = rows(200, 2)
    (data / "a.csv").write_text("".join(f"c{n},{row}\n" for n, row in enumerate(given)))
    (data / "b.csv").write_text("".join(f"{row}\n" for row in given))
    (answers / "a.csv.out").write_text("".join(f"c{n},0.5\n" for n in range(200)))
    question = Question(data, read_baseline(keyed), header=False, predictions=answers)
    seen = observe(question)
    assert (list(seen.features.columns), seen.features.rows) == (NAMES, 400)
    assert judge(question, seen).report["answers"] == 200
    assert list(read_predictions(answers).columns) == ["prediction"]


def test_values_of_one_column_are_values_and_of_several_are_lists(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("0.5\n0.25\n")
    (tmp_path / "two.csv").write_text("0.5,0.5\n0.25,0.75\n")
    assert read_values(tmp_path / "one.csv") == ["0.5", "0.25"]
    assert read_values(tmp_path / "two.csv") == [["0.5", "0.5"], ["0.25", "0.75"]]
    assert read_predictions(tmp_path / "one.csv").columns["prediction"].numbers.rows == 2


def test_json_answers_of_a_transform_are_their_labels(tmp_path: Path) -> None:
    answer = '{"label": "gold", "probabilities": {"gold": 0.9, "tin": 0.1}, "version": "1"}\n'
    path = tmp_path / "part-00000.csv.out"
    path.write_text(answer * 2)
    assert read_values(path) == ["gold", "gold"]
    assert list(read_predictions(path).columns) == ["prediction"]


def test_the_key_of_a_row_is_left_out() -> None:
    batch = Batch("d.csv", pa.RecordBatch.from_pydict({"id": [1], "size": [2]}))
    assert without(batch, "id").rows.to_pylist() == [{"size": 2}]
    assert without(batch, "customer") is batch
    assert without(batch, None) is batch
