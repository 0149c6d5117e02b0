"""A window of traffic is cut by time."""

from __future__ import annotations

from pathlib import Path

from tests.plugins.prodml.operators.drift_checks import drift_check
from tests.plugins.runs import Ti, run


def test_only_the_folders_of_the_window_are_read(
    captured: str, bucket: str, script: Path, ti: Ti
) -> None:
    window = ("2024-05-07T01:30:00+02:00", "2024-05-07T02:30:00+02:00")
    verdict = run(drift_check(script, bucket, captured, *window), ti)
    assert (verdict["outcome"], verdict["columns"], verdict["rows"]) == ("ALERT", ["calls"], 5)
    assert verdict["report"] == f"s3://{bucket}/{captured}/report/"
