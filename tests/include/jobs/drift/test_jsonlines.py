"""Data sets of JSON lines, by name or by position."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.jsonlines import BATCH, read_json_lines


def test_objects_are_read_by_name_and_every_file_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"x": 1, "y": "u"}\n\n{"y": "v", "x": 2}\n')
    (tmp_path / "b.jsonl").write_text('{"x": 3, "y": "w"}\n')
    items = list(read_json_lines(tmp_path))
    assert [batch.source for batch in items] == ["a.json", "b.jsonl"]
    rows = [row for batch in items for row in batch.rows.to_pylist()]
    assert rows == [{"x": 1, "y": "u"}, {"x": 2, "y": "v"}, {"x": 3, "y": "w"}]


def test_arrays_are_read_by_position(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("[1, 2]\n[3, 4]\n")
    (batch,) = read_json_lines(tmp_path / "a.jsonl")
    assert batch.rows.to_pylist() == [
        {"prediction_0": 1, "prediction_1": 2},
        {"prediction_0": 3, "prediction_1": 4},
    ]


def test_a_long_file_comes_in_batches(tmp_path: Path) -> None:
    lines = [json.dumps({"x": n}) for n in range(BATCH + 5)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    assert [b.rows.num_rows for b in read_json_lines(tmp_path)] == [BATCH, 5]


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"x": 1}\n{"x": \n')
    with pytest.raises(UnreadableData, match=r"a\.jsonl line 2: its JSON payload"):
        list(read_json_lines(tmp_path))
