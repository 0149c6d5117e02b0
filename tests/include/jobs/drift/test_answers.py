"""Raw records in every form, and answers in JSON and CSV, against a baseline with a contract."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from include.jobs.drift.answers import one_column
from include.jobs.drift.baseline import read_baseline
from include.jobs.drift.capture import Window
from include.jobs.drift.check import judge
from include.jobs.drift.contracts import CONTRACT
from include.jobs.drift.labels import joined
from include.jobs.drift.observation import Question, observe, read_predictions
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


def test_answers_are_joined_to_labels_by_their_csv_form(tmp_path: Path) -> None:
    captured = write_capture(tmp_path, [record("1,2,a", answer=ANSWER, inference_id="1")])
    assert joined(captured, {"1": "1"}, Window()) == (["1"], [0.75])


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ({"label": "b", "probability": 0.6, "probabilities.a": 0.4, "version": "3"}, "b"),
        ({"prediction": 1.5, "version": None}, 1.5),
        ({"label": "c", "version": "3"}, "c"),
    ],
)
def test_the_csv_form_of_an_answer(answer: dict[str, object], value: object) -> None:
    assert one_column(pa.RecordBatch.from_pylist([answer])).to_pylist() == [{"prediction": value}]


def test_answers_of_other_models_stay_as_they_are() -> None:
    other = pa.RecordBatch.from_pylist([{"score": 0.5, "probability": 1.0}])
    assert one_column(other) is other
