"""The analyzer as its users start it: a process, files in, files out."""

from __future__ import annotations

import base64
import json
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from include.settings import ROOT

NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)
HEADER = "minutes,calls,plan"


def rows(count: int, seed: int, shift: float = 0.0, plans: str = "abc") -> list[str]:
    draw = random.Random(seed)
    return [
        f"{draw.gauss(shift, 1):.3f},{draw.randrange(20)},{draw.choice(plans)}"
        for _ in range(count)
    ]


def write_table(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return path


def record(data: str, at: datetime, encoding: str = "CSV") -> str:
    given = {"observedContentType": "text/csv", "mode": "INPUT", "data": data, "encoding": encoding}
    event = {"eventId": "1", "inferenceTime": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
    document = {"captureData": {"endpointInput": given}, "eventMetadata": event}
    return json.dumps(document | {"eventVersion": "0"})


def drift(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "include.jobs.drift", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("baseline")
    assert drift("baseline", write_table(folder / "b.csv", rows(3000, 1)), "--output", folder)
    return folder


def check(data: Path, baseline: Path, output: Path, *options: object) -> dict[str, Any]:
    done = drift("check", data, "--baseline", baseline, "--output", output, *options)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads((output / "drift_report.json").read_text())
    return report


def test_same_distribution_is_ok(baseline: Path, tmp_path: Path) -> None:
    report = check(write_table(tmp_path / "d.csv", rows(600, 2)), baseline, tmp_path / "out")
    assert (report["outcome"], report["columns"], report["rows"]) == ("OK", [], 600)
    assert report["detectable_distance"] > 0.05


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
    assert (named["calls"]["status"], named["minutes"]["threshold"]) == ("OK", 0.10)
    found = json.loads((output / "constraint_violations.json").read_text())["violations"]
    assert [v["feature_name"] for v in found] == ["minutes", "plan"]
    assert "exceeds threshold: 0.1" in found[0]["description"]
    assert json.loads((output / "statistics.json").read_text())["dataset"]["item_count"] == 600
    assert len(json.loads((output / "constraints.json").read_text())["features"]) == 3
    page = (output / "report.html").read_text()
    assert "http" not in page
    assert "<script" not in page
    assert len(page) < 100_000


@pytest.mark.parametrize(("count", "outcome"), [(0, "NO_DATA"), (99, "INSUFFICIENT_DATA")])
def test_too_little_is_no_verdict(count: int, outcome: str, baseline: Path, tmp_path: Path) -> None:
    data = write_table(tmp_path / "d.csv", rows(count, 2, shift=3.0))
    report = check(data, baseline, tmp_path / "out")
    assert (report["outcome"], report["columns"]) == (outcome, [])
    violations = json.loads((tmp_path / "out" / "constraint_violations.json").read_text())
    assert violations == {"violations": []}


def test_capture_is_cut_by_inference_time(baseline: Path, tmp_path: Path) -> None:
    folder = tmp_path / "capture" / "churn" / "AllTraffic" / "2024/05/06/12"
    folder.mkdir(parents=True)
    hour = timedelta(hours=1)
    before = [record(row, NOON - hour) for row in rows(200, 3, shift=5.0)]
    encoded = base64.b64encode("\n".join(rows(100, 4)).encode()).decode()
    inside = [record("\n".join(rows(50, 5)), NOON), record(encoded, NOON, "BASE64")]
    after = [record(row, NOON + hour) for row in rows(200, 6, shift=5.0)]
    (folder / "00-01-002-x.jsonl").write_text("\n".join([*before, *inside, *after]) + "\n")
    window = ("--start", NOON.isoformat(), "--end", "2024-05-06T13:00:00")
    report = check(tmp_path / "capture", baseline, tmp_path / "out", *window)
    assert (report["outcome"], report["rows"]) == ("OK", 150)
    assert report["window"]["start"] == "2024-05-06T12:00:00+00:00"


def test_a_column_that_vanished_is_an_alert(baseline: Path, tmp_path: Path) -> None:
    emptied = [",".join(["", *row.split(",")[1:]]) for row in rows(300, 2)]
    data = write_table(tmp_path / "d.csv", emptied)
    report = check(data, baseline, tmp_path / "out")
    assert report["columns"] == ["minutes"]
    assert report["features"][0]["missing_share"] == 1.0


UNREADABLE = [
    ("", "is empty"),
    ("minutes,calls\n1,2\n", r"lacks the baseline's columns ['plan']"),
    (f"{HEADER}\n1,2,a\n1,2\n", "row 3: 2 values under a header of 3 columns"),
]


@pytest.mark.parametrize(("text", "sentence"), UNREADABLE)
def test_what_cannot_be_checked_fails_with_a_sentence(
    text: str, sentence: str, baseline: Path, tmp_path: Path
) -> None:
    data = tmp_path / "d.csv"
    data.write_text(text)
    done = drift("check", data, "--baseline", baseline, "--output", tmp_path / "out")
    assert (done.returncode, done.stderr) == (1, "")
    assert sentence in done.stdout


def test_truncated_capture_and_absent_baseline_fail_with_a_sentence(
    baseline: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "capture"
    folder.mkdir()
    (folder / "a.jsonl").write_text(record("1,2,a", NOON) + "\n" + record("1,2,a", NOON)[:50])
    done = drift("check", folder, "--baseline", baseline, "--output", tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert "a.jsonl line 2 is no capture record" in done.stdout
    done = drift("check", folder, "--baseline", tmp_path / "none", "--output", tmp_path)
    assert done.returncode == 1
    assert "is no baseline" in done.stdout


def test_a_baseline_survives_its_file_whatever_its_size(tmp_path: Path) -> None:
    """More rows than a sketch keeps: the same data must still be no drift at all."""
    data = write_table(tmp_path / "d.csv", rows(30_000, 1))
    drift("baseline", data, "--output", tmp_path)
    report = check(data, tmp_path, tmp_path / "out")
    assert report["baseline_rows"] == 30_000
    assert {feature["distance"] for feature in report["features"]} == {0.0}
