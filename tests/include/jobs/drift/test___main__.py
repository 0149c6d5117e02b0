"""The analyzer as its users start it: a process, files in, files out."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from tests.include.jobs.drift.data import (
    NOON,
    check,
    rows,
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
    document = json.loads((output / "constraint_violations.json").read_text())["violations"]
    assert [v["feature_name"] for v in document] == ["minutes", "plan"]
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


def test_parquet_says_what_csv_says(baseline: Path, tmp_path: Path) -> None:
    data = write_table(tmp_path / "d.csv", rows(600, 2, shift=0.4))
    pq.write_table(pa.csv.read_csv(data), tmp_path / "d.parquet")
    checked = check(data, baseline, tmp_path / "csv")
    again = check(tmp_path / "d.parquet", baseline, tmp_path / "parquet")
    assert checked == again
    assert checked["outcome"] == "WARN"


def test_a_folder_of_tables_is_one_data_set(baseline: Path, tmp_path: Path) -> None:
    """A batch transform's input has no header and comes in several files."""
    for part in range(3):
        (tmp_path / f"{part}.csv").write_text("\n".join(rows(100, part)) + "\n")
    report = check(tmp_path, baseline, tmp_path / "out", "--no-header")
    assert (report["outcome"], report["rows"]) == ("OK", 300)
