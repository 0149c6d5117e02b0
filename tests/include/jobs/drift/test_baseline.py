"""Baselines: written once, read back whole, merged from earlier windows."""

from __future__ import annotations

import json
from pathlib import Path

from include.jobs.drift.baseline import MERGED, TRAINING, profile_of, read_baseline, write_baseline
from include.jobs.drift.check import judge
from include.jobs.drift.observation import Question, observe, read_tables
from tests.include.jobs.drift.data import (
    check,
    drift,
    record,
    refused,
    rows,
    write_capture,
    write_table,
)


def test_no_baseline(tmp_path: Path) -> None:
    data = write_table(tmp_path / "d.csv", rows(200, 2))
    assert "none is not a baseline" in refused(data, tmp_path / "none", tmp_path / "out")
    (tmp_path / "statistics.json").write_text('{"features": [{}]}')
    assert "statistics.json is no baseline" in refused(data, tmp_path, tmp_path / "out")


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
    """The files that `check` leaves of a window are enough for a rolling baseline."""
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
    report = check(folder, tmp_path / "b", tmp_path / "out")
    assert (report["columns"], report["prediction_drift"]) == ([], ["prediction"])
    assert report["outcome"] == "ALERT"
    kept = json.loads((tmp_path / "out" / "predictions.json").read_text())
    assert kept["dataset"]["item_count"] == 300


def test_a_baseline_needs_rows(tmp_path: Path) -> None:
    done = drift("baseline", write_table(tmp_path / "d.csv", []), "--output", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "d.csv has no rows" in done.stdout


def test_a_baseline_of_few_rows_gives_no_verdict(tmp_path: Path) -> None:
    data = write_table(tmp_path / "d.csv", rows(99, 1))
    write_baseline(profile_of(read_tables(data, None)), tmp_path / "few")
    moved = write_table(tmp_path / "now.csv", rows(300, 2, shift=2.0))
    question = Question(moved, read_baseline(tmp_path / "few"))
    report = judge(question, observe(question)).report
    assert (report["outcome"], report["columns"]) == ("INSUFFICIENT_DATA", [])
    assert report["reason"] == "The baseline has 99 rows, and a check takes 100 or more."


def test_a_baseline_is_read_back_with_its_name_and_answers(tmp_path: Path) -> None:
    data = write_table(tmp_path / "d.csv", rows(300, 1))
    profile = profile_of(read_tables(data, None))
    write_baseline(profile, tmp_path / "mine", predictions=profile_of(read_tables(data, None)))
    result = read_baseline(tmp_path / "mine")
    assert (result.name, result.kind, result.features.rows) == ("mine", TRAINING, 300)
    assert result.predictions
    assert result.predictions.rows == 300
    assert list(result.constraints.columns) == ["minutes", "calls", "plan"]


def test_a_merged_baseline_keeps_the_constraints_of_its_folder(tmp_path: Path) -> None:
    for week in range(2):
        data = write_table(tmp_path / "d.csv", rows(200, week))
        write_baseline(profile_of(read_tables(data, None)), tmp_path / "all" / str(week))
    suggested = read_baseline(tmp_path / "all")
    assert (suggested.kind, suggested.features.rows, suggested.predictions) == (MERGED, 400, None)
    own = json.loads((tmp_path / "all" / "0" / "constraints.json").read_text())
    own["features"] = own["features"][:1]
    (tmp_path / "all" / "constraints.json").write_text(json.dumps(own))
    assert list(read_baseline(tmp_path / "all").constraints.columns) == ["minutes"]
