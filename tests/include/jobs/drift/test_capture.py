"""Captured records: cut by their time, without what no caller sent."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prodml import vocabulary

from include.jobs.drift import capture
from include.jobs.drift.capture import Capture, Window, is_capture, moment, records
from include.jobs.drift.errors import UnreadableData
from tests.include.jobs.drift.data import (
    NOON,
    check,
    record,
    rows,
    write_capture,
)

WINDOW = ("--start", NOON.isoformat(), "--end", "2024-05-06T13:00:00")


def test_capture_is_cut_by_inference_time_in_every_encoding(baseline: Path, tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    before = [record(row, NOON - hour) for row in rows(200, 3, shift=5.0)]
    encoded = base64.b64encode("\n".join(rows(100, 4)).encode()).decode()
    cells = [row.split(",") for row in rows(100, 9)]
    instances = [[float(a), int(b), c] for a, b, c in cells]
    named = [{"plan": c, "calls": int(b), "minutes": float(a)} for a, b, c in cells]
    inside = [
        record("\n".join(rows(50, 5)), NOON),
        record(encoded, NOON, "BASE64"),
        record(json.dumps({"instances": instances}), NOON, "JSON"),
        record(json.dumps(named), NOON, "JSON"),
    ]
    after = [record(row, NOON + hour) for row in rows(200, 6, shift=5.0)]
    folder = write_capture(tmp_path / "capture", [*before, *inside, *after])
    report = check(folder, baseline, tmp_path / "out", *WINDOW)
    assert (report["outcome"], report["rows"]) == ("OK", 350)
    assert report["window"]["start"] == "2024-05-06T12:00:00+00:00"


def test_one_capture_file_is_enough(baseline: Path, tmp_path: Path) -> None:
    folder = write_capture(tmp_path / "capture", [record(row) for row in rows(200, 2)])
    (file,) = folder.rglob("*.jsonl")
    assert check(file, baseline, tmp_path / "out")["rows"] == 200


def test_records_of_a_large_file_are_read_in_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capture, "BATCH", 2)
    lines = [record(f"{n},{n}", answer=str(n)) for n in range(5)]
    folder = write_capture(tmp_path, lines)
    read: dict[str, list[int]] = {"endpointInput": [], "endpointOutput": []}
    for side, batch in Capture(folder, dict.fromkeys(read)).batches():
        read[side] += [int(float(cell)) for cell in batch.rows.column(0).to_pylist()]
    assert read == {"endpointInput": [0, 1, 2, 3, 4], "endpointOutput": [0, 1, 2, 3, 4]}


def test_shadow_traffic_is_not_checked_unless_it_is_asked_for(
    baseline: Path, tmp_path: Path
) -> None:
    shadow = json.loads(record("9,9,z"))
    shadow["eventMetadata"]["invocationSource"] = "ShadowExperiment"
    lines = [record(row) for row in rows(120, 5)] + [json.dumps(shadow)] * 200
    folder = write_capture(tmp_path / "capture", lines)
    assert check(folder, baseline, tmp_path / "out", *WINDOW)["rows"] == 120
    asked = (*WINDOW, "--shadow", "--model", "arn:model/2")
    report = check(folder, baseline, tmp_path / "asked", *asked)
    assert (report["rows"], report["model"]) == (320, "arn:model/2")
    assert "arn:model/2" in (tmp_path / "asked" / "report.html").read_text()


def test_a_window_is_half_open_and_open_ended_where_nothing_is_given() -> None:
    hour = Window(NOON, NOON + timedelta(hours=1))
    assert hour.holds(NOON)
    assert not hour.holds(NOON + timedelta(hours=1))
    assert Window(end=NOON).holds(datetime(1970, 1, 1, tzinfo=UTC))
    assert str(hour) == "from 2024-05-06 12:00:00 to 2024-05-06 13:00:00"
    assert str(Window()) == "any time"


@pytest.mark.parametrize(
    "text", ["2024-05-06T12:00:00Z", "2024-05-06T12:00:00", "2024-05-06T14:00:00+02:00"]
)
def test_a_moment_without_an_offset_is_utc(text: str) -> None:
    assert moment(text) == NOON


def test_widths_are_those_of_the_first_record_that_has_each_side(tmp_path: Path) -> None:
    lines = [record("1,2,a"), record("3,4,b", answer="0.25,0.75")]
    folder = write_capture(tmp_path, lines)
    assert is_capture(folder)
    sides = {"endpointInput": None, "endpointOutput": None}
    assert Capture(folder, sides).widths() == {"endpointInput": 3, "endpointOutput": 2}
    assert Capture(folder, sides, Window(end=NOON)).widths() == {}


def test_a_record_without_a_time_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(record("1,2,a") + "\n\n" + '{"captureData": {}}\n')
    with pytest.raises(UnreadableData, match=r"x\.jsonl line 3 is not a capture record"):
        list(records(path, Window()))


def test_requests_that_test_an_endpoint_are_not_checked(
    tmp_path: Path,
) -> None:
    lines = [
        record("1,2,a", inference_id=f"{vocabulary.TEST_TRAFFIC}{n}")
        for n in ("smoke", "load", "ask")
    ]
    folder = write_capture(tmp_path, [*lines, record("1,2,a", inference_id="order-7")])
    (path,) = folder.rglob("*.jsonl")
    assert [number for number, _ in records(path, Window())] == [4]
    assert vocabulary.TEST_TRAFFIC == capture.TEST_TRAFFIC
