"""One check: what it reports of the data as a whole."""

from __future__ import annotations

from pathlib import Path

from include.jobs.drift.capture import Window
from include.jobs.drift.check import failed, read_predictions, read_values
from tests.include.jobs.drift.data import (
    NOON,
    check,
    rows,
    write_table,
)


def test_a_job_keeps_its_report_of_a_failure(baseline: Path, tmp_path: Path) -> None:
    """A Processing job that fails uploads nothing, so it ends well and reports FAILED."""
    report = check(tmp_path / "none.csv", baseline, tmp_path / "out", "--report-failures")
    assert (report["outcome"], report["rows"]) == ("FAILED", 0)
    assert "none.csv does not exist" in report["reason"]


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


def test_a_failed_check_has_every_key_that_a_verdict_has(baseline: Path, tmp_path: Path) -> None:
    verdict = check(write_table(tmp_path / "d.csv", rows(200, 2)), baseline, tmp_path / "out")
    report = failed(Window(NOON), "no disk")
    assert report.keys() - {"reason"} == verdict.keys()
    assert (report["reason"], report["window"]["start"]) == ("no disk", NOON.isoformat())


def test_values_of_one_column_are_values_and_of_several_are_lists(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("0.5\n0.25\n")
    (tmp_path / "two.csv").write_text("0.5,0.5\n0.25,0.75\n")
    assert read_values(tmp_path / "one.csv") == ["0.5", "0.25"]
    assert read_values(tmp_path / "two.csv") == [["0.5", "0.5"], ["0.25", "0.75"]]
    assert read_predictions(tmp_path / "one.csv").columns["prediction"].numbers.rows == 2
