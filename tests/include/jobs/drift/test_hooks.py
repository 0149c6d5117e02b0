"""Scripts written for Model Monitor, called as its container calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from include.jobs.drift.errors import UnreadableData
from include.jobs.drift.hooks import postprocess, preprocessor
from tests.include.jobs.drift.data import record

RECORD: dict[str, Any] = json.loads(record("1,2,a", answer="0.5", inference_id="order-7"))
READS_ALL = """
def preprocess_handler(r{more}):
    event = r.event_metadata
    return {{"input": r.endpoint_input.data, "encoding": r.endpoint_input.encoding,
            "answer": r.endpoint_output.data, "type": r.endpoint_output.observed_content_type,
            "event": event.event_id, "id": event.inference_id, "at": event.inference_time,
            "custom": event.custom_attribute}}
"""


@pytest.mark.parametrize("more", ["", ", logger"])
def test_a_preprocessor_gets_the_record_by_attributes(more: str, tmp_path: Path) -> None:
    script = tmp_path / "pre.py"
    script.write_text(READS_ALL.format(more=more))
    hook = preprocessor(script)
    assert hook
    assert hook(RECORD) == {
        "input": "1,2,a",
        "encoding": "CSV",
        "answer": "0.5",
        "type": "text/csv",
        "event": "1",
        "id": "order-7",
        "at": "2024-05-06T12:00:00Z",
        "custom": [],
    }


def test_a_half_that_was_not_captured_is_empty(tmp_path: Path) -> None:
    script = tmp_path / "pre.py"
    script.write_text("def preprocess_handler(r): return {'answer': r.endpoint_output.data}\n")
    hook = preprocessor(script)
    assert hook
    assert hook(json.loads(record("1,2,a"))) == {"answer": ""}


def test_no_script_is_no_hook() -> None:
    assert preprocessor(None) is None
    postprocess(None)


def test_a_script_without_a_handler_is_named(tmp_path: Path) -> None:
    (tmp_path / "pre.py").write_text("def preprocess(record): return {}\n")
    with pytest.raises(UnreadableData, match=r"pre\.py defines no preprocess_handler"):
        preprocessor(tmp_path / "pre.py")
