"""Answers in JSON, in the one form in which they are compared and joined to labels."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from include.jobs.drift.answers import one_column
from include.jobs.drift.capture import Window
from include.jobs.drift.labels import joined
from tests.include.jobs.drift.data import record, write_capture

ANSWER = json.dumps({"label": "yes", "probability": 0.75, "version": "3"})


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
