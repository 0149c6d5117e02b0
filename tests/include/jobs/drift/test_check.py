"""One check: what it reports of the data as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from include.jobs.drift.capture import Window
from include.jobs.drift.check import failed
from tests.include.jobs.drift.data import (
    NOON,
    check,
    drift,
    record,
    refused,
    rows,
    write_capture,
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


def test_empty_answers_and_other_files_in_the_capture_are_noted(
    baseline: Path, tmp_path: Path
) -> None:
    lines = [record(row, answer="[]" if n < 3 else "0.5") for n, row in enumerate(rows(200, 2))]
    folder = write_capture(tmp_path / "capture", [*lines, record("")])
    write_table(folder / "export.csv", rows(10, 1))
    report = check(folder, baseline, tmp_path / "out")
    assert report["rows"] == 201
    assert {row["missing_share"] for row in report["features"]} == {round(1 / 201, 6)}
    assert report["notes"] == [
        "export.csv is no capture file and was left out.",
        "1 empty requests were captured, the first in 00-01-002-x.jsonl line 201.",
        "3 empty answers were captured, the first in 00-01-002-x.jsonl line 1.",
    ]


@pytest.mark.parametrize(
    ("cell", "check_name", "status"),
    [("oops", "data_type", "ALERT"), ("NA", "null_share", "ALERT")],
)
def test_numbers_that_became_text_or_markers_are_data_quality(
    cell: str, check_name: str, status: str, baseline: Path, tmp_path: Path
) -> None:
    lines = [
        f"{cell}{row[row.index(',') :]}" if n % 3 == 0 else row
        for n, row in enumerate(rows(600, 2))
    ]
    report = check(write_table(tmp_path / "d.csv", lines), baseline, tmp_path / "out")
    assert (report["outcome"], report["data_quality"]) == (status, status)
    minutes = next(f for f in report["features"] if f["name"] == "minutes")
    messages = {finding["check"]: finding["message"] for finding in minutes["findings"]}
    assert check_name in messages
    if cell == "oops":
        assert messages[check_name] == "33.3% of minutes is no number, such as 'oops'."


@pytest.mark.parametrize("answer", ["[]", '{"predictions": []}'])
def test_answers_that_are_all_empty_are_data_quality_and_no_drift(
    answer: str, baseline: Path, tmp_path: Path
) -> None:
    (tmp_path / "held.out").write_text("\n".join(str(n / 500) for n in range(500)))
    folder = write_capture(
        tmp_path / "capture", [record(row, answer=answer) for row in rows(200, 2)]
    )
    held = ("--baseline-predictions", tmp_path / "held.out")
    report = check(folder, baseline, tmp_path / "out", *held)
    assert (report["outcome"], report["drift"], report["data_quality"]) == ("ALERT", "OK", "ALERT")
    assert report["prediction_drift"] == ["prediction"]


def test_answers_that_were_not_captured_are_not_compared_and_that_is_noted(
    baseline: Path, tmp_path: Path
) -> None:
    (tmp_path / "held.out").write_text("\n".join(str(n / 500) for n in range(500)))
    folder = write_capture(tmp_path / "capture", [record(row) for row in rows(200, 2)])
    held = ("--baseline-predictions", tmp_path / "held.out")
    report = check(folder, baseline, tmp_path / "out", *held)
    assert report["outcome"] == "OK"
    assert report["notes"] == ["Only 0 answers were captured: they were not compared."]


def test_numbers_that_were_text_from_the_start_are_no_ok(tmp_path: Path) -> None:
    """Both the baseline and the data have what is not known to be a missing number."""
    for name in ("b", "d"):
        lines = [
            f"{'(x)' if n % 5 == 0 else row.split(',')[0]}" for n, row in enumerate(rows(600, 2))
        ]
        write_table(tmp_path / f"{name}.csv", lines, header="minutes")
    drift("baseline", tmp_path / "b.csv", "--output", tmp_path / "b")
    report = check(tmp_path / "d.csv", tmp_path / "b", tmp_path / "out")
    assert (report["outcome"], report["warned"]) == ("WARN", ["minutes"])


def test_a_broken_history_still_leaves_a_report(baseline: Path, tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text("[")
    data = write_table(tmp_path / "d.csv", rows(200, 2))
    given = ("--history", tmp_path / "history.json")
    assert "history.json is not a list of verdicts" in refused(
        data, baseline, tmp_path / "out", *given
    )
