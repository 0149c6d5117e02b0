"""Drift checks of tests, whose script reports what it was given."""

from __future__ import annotations

from pathlib import Path

from prodml.operators.drift import DriftCheckOperator

from tests.plugins.runs import ROLE, processing_request

# Reports its arguments; the real analyzer is one of the jobs.
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


def drift_check(script: Path, bucket: str, folder: str, start: str, end: str) -> DriftCheckOperator:
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
