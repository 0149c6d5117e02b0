"""Labels by inference id, else by event id, side by side with the answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from include.jobs.drift.capture import Window
from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.labels import joined, merged, read_labels
from tests.include.jobs.drift.data import record, write_capture

ANY = Window()


def label(identity: str, data: str) -> str:
    truth = {"groundTruthData": {"data": data, "encoding": "CSV"}}
    return json.dumps(truth | {"eventMetadata": {"eventId": identity}, "eventVersion": "0"})


def test_an_inference_id_goes_before_the_event_id(tmp_path: Path) -> None:
    lines = [record("1", answer="0.9", inference_id="a"), record("2", answer="0.1")]
    folder = write_capture(tmp_path, lines)
    assert joined(folder, {"a": "1", "1": "0"}, ANY) == (["1", "0"], ["0.9", "0.1"])


def test_what_has_no_label_or_no_answer_is_left_out(tmp_path: Path) -> None:
    lines = [
        record("1", answer="0.9", inference_id="a"),
        record("2", inference_id="b"),
        record("3", answer="0.3", inference_id="c"),
    ]
    folder = write_capture(tmp_path, lines)
    assert joined(folder, {"a": "1", "b": "0"}, ANY) == (["1"], ["0.9"])


@pytest.mark.parametrize("answer", ["", " \n"])
def test_an_answer_without_a_value_is_named(answer: str, tmp_path: Path) -> None:
    line = json.loads(record("1", answer=answer))
    line["groundTruthData"] = {"data": "1\n", "encoding": "CSV"}
    folder = write_capture(tmp_path, [json.dumps(line)])
    with pytest.raises(UnreadableData, match="line 1: its answer is empty"):
        merged(folder, ANY, None)


def test_a_later_file_corrects_a_label(tmp_path: Path) -> None:
    write_capture(tmp_path, [label("a", "0"), label("b", " 1 ")], "00.jsonl")
    write_capture(tmp_path, [label("a", "1")], "10.jsonl")
    assert read_labels(tmp_path) == {"a": "1", "b": "1"}


def test_what_is_no_label_is_named_by_file_and_line(tmp_path: Path) -> None:
    write_capture(tmp_path, [label("a", "0"), record("1")], "00.jsonl")
    with pytest.raises(UnreadableData, match=r"00\.jsonl line 2 is no label"):
        read_labels(tmp_path)


@pytest.mark.parametrize(
    ("attribute", "value"), [(None, ["0.2", "0.8"]), ("1", "0.8"), ("prediction_1", "0.8")]
)
def test_an_attribute_names_the_value_of_an_answer(
    attribute: str | None, value: object, tmp_path: Path
) -> None:
    line = json.loads(record("1", answer="0.2,0.8"))
    line["groundTruthData"] = {"data": "1\n", "encoding": "CSV"}
    folder = write_capture(tmp_path, [json.dumps(line)])
    assert merged(folder, ANY, attribute) == (["1"], [value])
