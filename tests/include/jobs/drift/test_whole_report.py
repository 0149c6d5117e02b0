"""The verdict on a window as a whole, from the files to the page."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pytest

from include.jobs.drift.baseline import profile_of, read_baseline, write_baseline
from include.jobs.drift.check import Result, Rules, judge
from include.jobs.drift.observation import Question, observe, read_tables
from include.jobs.drift.report import page
from include.jobs.drift.samples import Sample, read_sample, write_sample
from tests.include.jobs.drift.calibrated import CALIBRATION, binary
from tests.include.jobs.drift.data import check, record, write_capture
from tests.include.jobs.drift.whole_windows import rows


def table(path: Path, batch: pa.RecordBatch) -> Path:
    pacsv.write_csv(pa.Table.from_batches([batch]), path)
    return path


@pytest.fixture(name="base", scope="module")
def _base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    sample = Sample(without=["n7"])
    data = table(folder / "b.csv", rows(3000, 1))
    profile = profile_of(read_tables(data, None), ["n7"], sample=sample)
    write_baseline(profile, folder, sample=sample)
    return folder


def judged(base: Path, data: Path, history: list[dict[str, object]]) -> tuple[Result, str]:
    question = Question(data, read_baseline(base))
    result = judge(question, observe(question), Rules(calibration=CALIBRATION, score="auc"))
    return result, page(result.report, result, history)


def test_the_page_names_and_draws_the_pair_that_parted(base: Path, tmp_path: Path) -> None:
    data = table(tmp_path / "d.csv", rows(900, 2, correlation=-0.6))
    past: list[dict[str, object]] = [
        {"window_end": None, "outcome": "OK", "distances": {}, "joint": 0.0, "estimated": None}
    ]
    result, html = judged(base, data, past)
    assert (result.outcome, result.report["columns"]) == ("ALERT", [])
    assert (result.report["joint_drift"], result.report["drift"]) == (["n0 with n1"], "ALERT")
    assert "The columns no longer go together as they did: n0 with n1." in html
    assert "n0 and n1: baseline and now" in html
    assert "Not estimated. The captured answers state no probabilities" in html


def test_captured_answers_are_estimated_and_reproducible(base: Path, tmp_path: Path) -> None:
    _, given = binary(400, 3, spread=0.5)
    names = [f"n{place}" for place in range(8)] + ["plan"]
    table_of = rows(400, 4).to_pydict()
    lines = [
        record(",".join(str(table_of[name][i]) for name in names), answer=f"{given[i]:.6f}")
        for i in range(400)
    ]
    data = write_capture(tmp_path / "c", lines)
    (tmp_path / "calibration.json").write_text(json.dumps(CALIBRATION.to_json()))
    options = ("--calibration", tmp_path / "calibration.json", "--score", "f1")
    report = check(data, base, tmp_path / "out", *options)
    assert report["outcome"] == "ALERT"
    assert report["worse_estimates"] == ["estimated f1"]
    html = (tmp_path / "out" / "report.html").read_text()
    assert "only labels show that" in html
    assert "n7" not in json.loads((tmp_path / "out" / "sample.json").read_text())["columns"]
    question = Question(data, read_baseline(base))
    write_sample(observe(question).sample, tmp_path)
    assert (tmp_path / "sample.json").read_bytes() == (tmp_path / "out/sample.json").read_bytes()


def test_merged_windows_have_a_sample_if_each_of_them_has_one(base: Path, tmp_path: Path) -> None:
    for number in range(2):
        part = tmp_path / f"0{number}"
        part.mkdir()
        for name in ("statistics.json", "sample.json"):
            (part / name).write_bytes((base / name).read_bytes())
    merged, one = read_baseline(tmp_path).sample, read_sample(base)
    assert merged
    assert one
    assert (len(merged), merged.seen) == (len(one), 2 * one.seen)
    (part / "sample.json").unlink()
    assert read_baseline(tmp_path).sample is None
