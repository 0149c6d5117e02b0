"""What cannot be checked is FAILED, with a sentence that names file and column, and a report."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.include.jobs.drift.data import (
    HEADER,
    check,
    drift,
    record,
    refused,
    rows,
    write_capture,
    write_table,
)

TABLES = [
    (b"", "is empty: it has not even a header line"),
    (f"{HEADER}\n1,2,a\n1,2\n".encode(), "row 3: 2 values under a header of 3 columns"),
    (f"{HEADER}\n1,2,caf\xe9\n".encode("latin-1"), "d.csv: column 'plan' is not UTF-8"),
    (b"a,b,c\n1,2,3\n", "d.csv lacks the baseline's columns ['minutes', 'calls', 'plan']"),
    (b"minutes,minutes,plan\n1,2,a\n", "d.csv has the columns ['minutes'] more than once"),
]


@pytest.mark.parametrize(("content", "sentence"), TABLES)
def test_tables(content: bytes, sentence: str, baseline: Path, tmp_path: Path) -> None:
    data = tmp_path / "d.csv"
    data.write_bytes(content)
    assert sentence in refused(data, baseline, tmp_path / "out")


def test_a_truncated_parquet_file(baseline: Path, tmp_path: Path) -> None:
    data = tmp_path / "d.parquet"
    data.write_bytes(b"PAR1 and no more")
    assert "d.parquet is no readable Parquet file" in refused(data, baseline, tmp_path / "out")


BINARY = base64.b64encode(b"\x80\x81\xff").decode()
CAPTURES = [
    (record("1,2,a")[:50], "x.jsonl line 121 is no capture record"),
    (record("1,2"), "x.jsonl line 121: 2 values where the baseline has 3 columns"),
    (record(json.dumps({"instances": [[1, 2]]}), encoding="JSON"), "line 121: 2 values"),
    (record("{no json", encoding="JSON"), "line 121: its JSON payload is neither CSV nor JSON"),
    (record(BINARY, encoding="BASE64"), "line 121: its BASE64 payload is neither"),
    ("caf\xe9", "x.jsonl is not UTF-8"),
]


@pytest.mark.parametrize(("line", "sentence"), CAPTURES)
def test_captures(line: str, sentence: str, baseline: Path, tmp_path: Path) -> None:
    folder = write_capture(tmp_path / "capture", [record(row) for row in rows(120, 2)])
    (file,) = folder.rglob("*.jsonl")
    file.write_bytes(file.read_bytes() + line.encode("latin-1"))
    assert sentence in refused(folder, baseline, tmp_path / "out")


def test_a_job_keeps_its_report_of_a_failure(baseline: Path, tmp_path: Path) -> None:
    """A Processing job that fails uploads nothing, so it ends well and reports FAILED."""
    report = check(tmp_path / "none.csv", baseline, tmp_path / "out", "--report-failures")
    assert (report["outcome"], report["rows"]) == ("FAILED", 0)
    assert "none.csv does not exist" in report["reason"]


def test_no_baseline(tmp_path: Path) -> None:
    data = write_table(tmp_path / "d.csv", rows(200, 2))
    assert "none is no baseline" in refused(data, tmp_path / "none", tmp_path / "out")
    (tmp_path / "statistics.json").write_text('{"features": [{}]}')
    assert "statistics.json is no baseline" in refused(data, tmp_path, tmp_path / "out")


def test_a_misspelt_constraint(baseline: Path, tmp_path: Path) -> None:
    broken = json.loads((baseline / "constraints.json").read_text())
    broken["monitoring_config"]["distribution_constraints"]["comparison_method"] = "Robustest"
    (tmp_path / "constraints.json").write_text(json.dumps(broken))
    (tmp_path / "statistics.json").write_text((baseline / "statistics.json").read_text())
    data = write_table(tmp_path / "d.csv", rows(200, 2))
    sentence = refused(data, tmp_path, tmp_path / "out")
    assert sentence.startswith("constraints.json: comparison_method is 'Robustest'. Use one of")


def test_columns_in_another_order_are_matched_by_name(baseline: Path, tmp_path: Path) -> None:
    turned = [",".join(reversed(row.split(","))) for row in rows(600, 2)]
    data = write_table(tmp_path / "d.csv", turned, header="plan,calls,minutes")
    report = check(data, baseline, tmp_path / "out")
    assert report["outcome"] == "OK"
    assert report["notes"] == ["d.csv has its columns in another order; they were matched by name."]


def test_a_missing_and_an_extra_column_are_data_quality(baseline: Path, tmp_path: Path) -> None:
    data = write_table(tmp_path / "d.csv", rows(600, 2), header="minutes,calls,tariff")
    report = check(data, baseline, tmp_path / "out")
    assert (report["outcome"], report["columns"]) == ("ALERT", ["plan"])
    assert (report["drift"], report["data_quality"]) == ("OK", "ALERT")
    assert report["warned"] == ["tariff"]


def test_utf16_says_so_itself(baseline: Path, tmp_path: Path) -> None:
    data = tmp_path / "d.csv"
    data.write_text("\n".join([HEADER, *rows(600, 2)]), encoding="utf-16")
    assert check(data, baseline, tmp_path / "out")["outcome"] == "OK"


def test_a_baseline_needs_rows(tmp_path: Path) -> None:
    done = drift("baseline", write_table(tmp_path / "d.csv", []), "--output", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "d.csv has no rows" in done.stdout
