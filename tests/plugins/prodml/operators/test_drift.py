"""A window of traffic is cut by time, and the five outcomes stay apart."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from prodml.operators.drift import DriftCheckOperator

from tests.plugins.runs import ROLE, Ti, processing_request, run

# Says what it was asked; the real judge lives with the jobs.
JUDGE = """
import json, pathlib, sys
words = [word for word in sys.argv if word not in ("--report-failures", "--shadow")]
given = dict(zip(words[3::2], words[4::2]))
lines = sum(len(p.read_text().split()) for p in pathlib.Path(sys.argv[2]).rglob("*.jsonl"))
baseline = (pathlib.Path(given["--baseline"]) / "statistics.json").read_text()
report = {"outcome": "ALERT", "columns": [baseline], "rows": lines}
(pathlib.Path(given["--output"]) / "drift_report.json").write_text(json.dumps(report))
assert sys.argv[1] == "check" and given["--start"] < given["--end"]
assert "--no-header" not in sys.argv
"""


def _operator(script: Path, bucket: str, folder: str, start: str, end: str) -> Any:
    (script / "main.py").write_text(JUDGE)
    return DriftCheckOperator(
        task_id="check",
        captures=[
            f"s3://{bucket}/{folder}/capture/{config}/churn/AllTraffic" for config in ("c1", "c2")
        ],
        endpoint="churn",
        baseline_uri=f"s3://{bucket}/{folder}/baseline/",
        output_uri=f"s3://{bucket}/{folder}/report/",
        window_start=start,
        window_end=end,
        config=processing_request(),
        source_dir=str(script),
        code_prefix=f"s3://{bucket}/code",
        role_arn=ROLE,
        poll_interval=0.1,
    )


@pytest.fixture
def captured(s3: Any, bucket: str, unique: str) -> str:
    """Three hours with one, two and three captured requests, of two configurations."""
    s3.put_object(Bucket=bucket, Key=f"{unique}/baseline/statistics.json", Body=b"calls")
    for requests, hour in enumerate(("2024/05/06/22", "2024/05/06/23", "2024/05/07/00"), 1):
        key = f"{unique}/capture/c{1 + requests // 3}/churn/AllTraffic/{hour}/a.jsonl"
        s3.put_object(Bucket=bucket, Key=key, Body=b"{}\n" * requests)
    return unique


def test_only_the_folders_of_the_window_are_read(
    captured: str, bucket: str, script: Path, ti: Ti
) -> None:
    window = ("2024-05-07T01:30:00+02:00", "2024-05-07T02:30:00+02:00")
    verdict = run(_operator(script, bucket, captured, *window), ti)
    assert (verdict["outcome"], verdict["columns"], verdict["rows"]) == ("ALERT", ["calls"], 5)
    assert verdict["report"] == f"s3://{bucket}/{captured}/report/"


def test_a_window_without_capture_needs_no_job(
    captured: str, bucket: str, script: Path, ti: Ti
) -> None:
    window = ("2024-06-01T00:00:00+00:00", "2024-06-01T01:00:00+00:00")
    operator = _operator(script, bucket, captured, *window)
    verdict = run(operator, ti)
    assert (verdict["outcome"], verdict["job_name"]) == ("NO_DATA", None)
    assert operator.outcome == "NO_DATA"  # what its map index shows
    assert len(json.dumps(verdict)) < 400


def test_late_traffic_does_not_start_a_second_job(
    captured: str, bucket: str, s3: Any, script: Path, ti: Ti
) -> None:
    window = ("2024-05-06T22:00:00+00:00", "2024-05-06T23:00:00+00:00")
    first = run(_operator(script, bucket, captured, *window), ti)
    key = f"{captured}/capture/c1/churn/AllTraffic/2024/05/06/22/late.jsonl"
    s3.put_object(Bucket=bucket, Key=key, Body=b"{}\n")
    assert run(_operator(script, bucket, captured, *window), ti) == first


def test_a_window_the_wrong_way_round_is_refused(bucket: str, script: Path, ti: Ti) -> None:
    with pytest.raises(ValueError, match="Swap them"):
        run(_operator(script, bucket, "x", "2024-06-02", "2024-06-01"), ti)
