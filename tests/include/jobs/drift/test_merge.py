"""The ground truth merger: captured records that carry their label, in the capture's folders."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from include.jobs.drift.capture import Window
from include.jobs.drift.merge import merge
from tests.include.jobs.drift.data import NOON, record, write_capture
from tests.include.jobs.drift.test_labels import label


def test_records_keep_their_folder_and_gain_their_label(tmp_path: Path) -> None:
    lines = [record("1", answer="0.9", inference_id=name) for name in "abc"]
    write_capture(tmp_path / "capture", lines, "00.jsonl")
    write_capture(tmp_path / "labels", [label("a", "1"), label("c", "0"), label("x", "1")])
    count = merge(tmp_path / "capture", tmp_path / "labels", tmp_path / "merged", Window())
    assert count == 2
    written = tmp_path / "merged/churn/AllTraffic/2024/05/06/12/00.jsonl"
    document = [json.loads(line) for line in written.read_text().splitlines()]
    assert [record["eventMetadata"]["inferenceId"] for record in document] == ["a", "c"]
    assert [record["groundTruthData"]["data"] for record in document] == ["1", "0"]


def test_only_the_window_is_merged_and_an_empty_file_is_not_written(tmp_path: Path) -> None:
    early = record("1", NOON - timedelta(hours=1), answer="0.9", inference_id="a")
    write_capture(tmp_path / "capture", [early])
    write_capture(tmp_path / "labels", [label("a", "1")])
    window = Window(NOON, NOON + timedelta(hours=1))
    assert merge(tmp_path / "capture", tmp_path / "labels", tmp_path / "merged", window) == 0
    assert not (tmp_path / "merged").exists()
