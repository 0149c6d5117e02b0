"""The analyzer as its users start it: a process, files in, files out."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from include.jobs.drift import __main__ as main
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
CANARY, CANARY_NUMBER = "canary-of-a-person", "83910.4472"


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
    assert ("99 rows, and a check takes 100" in report.get("reason", "")) == (count == 99)
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


def _private(tmp_path: Path) -> tuple[Path, Path]:
    """Return a baseline whose columns `plan` and `minutes` are personal, and data with a canary."""
    data = write_table(tmp_path / "d.csv", [*rows(600, 2), f"{CANARY_NUMBER},3,{CANARY}"])
    done = drift("baseline", data, "--personal", "plan,minutes", "--output", tmp_path / "base")
    assert done.returncode == 0, done.stdout
    return tmp_path / "base", data


def test_of_a_personal_column_no_value_is_kept_or_judged(tmp_path: Path) -> None:
    folder, _ = _private(tmp_path)
    statistics = json.loads((folder / "statistics.json").read_text())["features"]
    assert [feature["name"] for feature in statistics] == ["minutes", "calls", "plan"]
    shifted = write_table(
        tmp_path / "s.csv", [*rows(600, 2, shift=9.0, plans="zzz"), f"{CANARY_NUMBER},3,{CANARY}"]
    )
    report = check(shifted, folder, tmp_path / "out")
    assert report["outcome"] == "OK"
    assert [feature["name"] for feature in report["features"]] == ["calls"]
    assert "2 columns with personal data are not compared." in report["notes"]
    merged = tmp_path / "windows"
    for name in ("00", "01"):
        shutil.copytree(tmp_path / "out", merged / name)
    again = check(shifted, merged, tmp_path / "again")
    assert [feature["name"] for feature in again["features"]] == ["calls"]
    written = [path for path in tmp_path.rglob("*") if path.suffix in (".json", ".html")]
    assert len(written) > 8
    assert not [path for path in written if CANARY in path.read_text()]
    assert not [path for path in written if CANARY_NUMBER in path.read_text()]


@pytest.mark.parametrize(
    "payload",
    [f'["{CANARY}"]', f'{{"a": "{CANARY}"', f'[["{CANARY}"], "{CANARY}"]', f'1,2,"{CANARY}'],
    ids=["width", "json", "row", "quote"],
)
def test_an_error_quotes_the_data_unless_values_are_hidden(payload: str, tmp_path: Path) -> None:
    folder, _ = _private(tmp_path)
    captured = write_capture(tmp_path / "capture", [record(payload, encoding="JSON")])
    options = ("--baseline", folder, "--output", tmp_path / "out")
    done = drift("--hide-values", "check", captured, *options)
    report = json.loads((tmp_path / "out" / "drift_report.json").read_text())
    assert report["outcome"] == "FAILED"
    assert "x.jsonl line 1" in report["reason"]
    shown = done.stdout + done.stderr + (tmp_path / "out" / "report.html").read_text()
    assert CANARY not in shown + json.dumps(report)


def test_a_label_is_not_quoted_where_values_are_hidden(tmp_path: Path) -> None:
    captured = write_capture(tmp_path / "capture", [record("1,2", answer="0.5")])
    label = {"groundTruthData": {"data": CANARY}, "eventMetadata": {"eventId": "1"}}
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "hour.jsonl").write_text(json.dumps(label))
    options = ("--problem", "regression", "--output", tmp_path / "out")
    done = drift("--hide-values", "quality", captured, "--labels", tmp_path / "labels", *options)
    assert done.returncode == 1
    assert "A label is no number (a hidden value)." in done.stdout
    assert CANARY not in done.stdout + done.stderr


def test_an_error_of_the_check_itself_hides_values_too(
    baseline: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def observe(_: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr(main, "observe", observe)
    reasons = []
    for hidden in (["--hide-values"], []):
        words = [*hidden, "check", "data", "--baseline", str(baseline), "--output", str(tmp_path)]
        monkeypatch.setattr(sys, "argv", ["drift", *words])
        assert main.main() == 1
        reasons.append(json.loads((tmp_path / "drift_report.json").read_text())["reason"])
        error = capsys.readouterr().err
        assert ("in observe" in error, CANARY in error) == (True, False)
    assert reasons == [
        f"data could not be checked: {cause}. Report this."
        for cause in ("a hidden value", f"KeyError('{CANARY}')")
    ]


def test_labels_and_predictions_of_a_baseline_are_of_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    captured = write_capture(tmp_path / "capture", [record("1,2", answer="0.5", inference_id="a")])
    label = {"groundTruthData": {"data": "1"}, "eventMetadata": {"eventId": "a"}}
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "hour.jsonl").write_text(json.dumps(label))
    for name, lines in (("truths.csv", "1\n0\n"), ("answers.csv", "0.5\n")):
        (tmp_path / name).write_text(lines)
    words = ["quality", str(captured), "--output", str(tmp_path), "--problem", "regression"]
    for option, name in (("labels", "labels"), ("baseline-labels", "truths.csv")):
        words += [f"--{option}", str(tmp_path / name)]
    words += ["--baseline-predictions", str(tmp_path / "answers.csv")]
    monkeypatch.setattr(sys, "argv", ["drift", *words])
    assert main.main() == 1
    assert "has 2 labels for 1 predictions" in capsys.readouterr().out
