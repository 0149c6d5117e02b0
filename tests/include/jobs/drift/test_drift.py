"""The analyzer as its users start it: a process, files in, files out."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.include.jobs.drift.data import (
    NOON,
    check,
    drift,
    record,
    rows,
    write_capture,
    write_table,
)

WINDOW = ("--start", NOON.isoformat(), "--end", "2024-05-06T13:00:00")


def test_same_distribution_is_ok(baseline: Path, tmp_path: Path) -> None:
    report = check(write_table(tmp_path / "d.csv", rows(600, 2)), baseline, tmp_path / "out")
    assert (report["outcome"], report["columns"], report["rows"]) == ("OK", [], 600)
    assert (report["drift"], report["data_quality"]) == ("OK", "OK")
    assert report["detectable_distance"] == pytest.approx(0.05 + 0.0805, abs=1e-3)


def test_an_alert_names_the_shifted_columns_and_leaves_all_files(
    baseline: Path, tmp_path: Path
) -> None:
    data = write_table(tmp_path / "d.csv", rows(600, 2, shift=1.0, plans="aab"))
    output = tmp_path / "out"
    report = check(data, baseline, output)
    assert report["outcome"] == "ALERT"
    assert report["columns"] == ["minutes", "plan"]
    named = {feature["name"]: feature for feature in report["features"]}
    assert named["minutes"]["distance"] == pytest.approx(0.383 - 0.08, abs=0.06)
    assert named["minutes"]["shift"]["sigma"] == pytest.approx(1.0, abs=0.1)
    assert (named["calls"]["status"], named["minutes"]["threshold"]) == ("OK", 0.10)
    found = json.loads((output / "constraint_violations.json").read_text())["violations"]
    assert [v["feature_name"] for v in found] == ["minutes", "plan"]
    assert json.loads((output / "statistics.json").read_text())["dataset"]["item_count"] == 600
    assert len(json.loads((output / "constraints.json").read_text())["features"]) == 3
    page = (output / "report.html").read_text()
    assert "http" not in page
    assert "<script" not in page
    assert "minutes, plan" in page


@pytest.mark.parametrize(("count", "outcome"), [(0, "NO_DATA"), (99, "INSUFFICIENT_DATA")])
def test_too_little_is_no_verdict(count: int, outcome: str, baseline: Path, tmp_path: Path) -> None:
    data = write_table(tmp_path / "d.csv", rows(count, 2, shift=3.0))
    report = check(data, baseline, tmp_path / "out")
    assert (report["outcome"], report["columns"]) == (outcome, [])
    assert {feature["status"] for feature in report["features"]} == {outcome}
    violations = json.loads((tmp_path / "out" / "constraint_violations.json").read_text())
    assert violations == {"violations": []}


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


def test_shadow_traffic_is_not_checked(baseline: Path, tmp_path: Path) -> None:
    shadow = json.loads(record("9,9,z"))
    shadow["eventMetadata"]["invocationSource"] = "ShadowExperiment"
    lines = [record(row) for row in rows(120, 5)] + [json.dumps(shadow)] * 200
    folder = write_capture(tmp_path / "capture", lines)
    assert check(folder, baseline, tmp_path / "out", *WINDOW)["rows"] == 120


def test_parquet_says_what_csv_says(baseline: Path, tmp_path: Path) -> None:
    data = write_table(tmp_path / "d.csv", rows(600, 2, shift=0.4))
    pq.write_table(pa.csv.read_csv(data), tmp_path / "d.parquet")
    told = check(data, baseline, tmp_path / "csv")
    again = check(tmp_path / "d.parquet", baseline, tmp_path / "parquet")
    assert told == again
    assert told["outcome"] == "WARN"


def test_a_folder_of_tables_is_one_data_set(baseline: Path, tmp_path: Path) -> None:
    """A batch transform's input has no header and comes in several files."""
    for part in range(3):
        (tmp_path / f"{part}.csv").write_text("\n".join(rows(100, part)) + "\n")
    report = check(tmp_path, baseline, tmp_path / "out", "--no-header")
    assert (report["outcome"], report["rows"]) == ("OK", 300)


def test_a_baseline_survives_its_file_whatever_its_size(tmp_path: Path) -> None:
    """More rows than a sketch keeps: the same data must still be no drift at all."""
    data = write_table(tmp_path / "d.csv", rows(30_000, 1))
    drift("baseline", data, "--output", tmp_path)
    report = check(data, tmp_path, tmp_path / "out")
    assert report["baseline_rows"] == 30_000
    assert {feature["distance"] for feature in report["features"]} == {0.0}


def test_earlier_windows_merge_into_a_baseline_without_their_rows(
    baseline: Path, tmp_path: Path
) -> None:
    """What `check` leaves of a window is enough for a rolling baseline."""
    for week in range(4):
        folder = tmp_path / "windows" / str(week)
        check(write_table(tmp_path / "w.csv", rows(400, week, shift=2.0)), baseline, folder)
    now = write_table(tmp_path / "d.csv", rows(400, 9, shift=2.0))
    assert check(now, baseline, tmp_path / "a")["outcome"] == "ALERT"
    rolling = check(now, tmp_path / "windows", tmp_path / "b")
    assert (rolling["outcome"], rolling["baseline_rows"]) == ("OK", 1600)
    assert (rolling["baseline"], rolling["baseline_kind"]) == ("4 windows", "earlier windows")


def test_predictions_are_compared_with_those_of_the_holdout(tmp_path: Path) -> None:
    """Answers drift on their own: their baseline is what the model said when it was judged."""
    scores = tmp_path / "scores.out"
    scores.write_text("\n".join(row.partition(",")[0] for row in rows(500, 3)) + "\n")
    data = write_table(tmp_path / "b.csv", rows(500, 1))
    drift("baseline", data, "--output", tmp_path / "b", "--predictions", scores)
    asked = list(zip(rows(300, 4), rows(300, 5, shift=1.5), strict=True))
    lines = [record(row, answer=moved.partition(",")[0]) for row, moved in asked]
    folder = write_capture(tmp_path / "capture", lines)
    report = check(folder, tmp_path / "b", tmp_path / "out", *WINDOW)
    assert (report["columns"], report["prediction_drift"]) == ([], ["prediction"])
    assert report["outcome"] == "ALERT"
    kept = json.loads((tmp_path / "out" / "predictions.json").read_text())
    assert kept["dataset"]["item_count"] == 300
