"""A window of traffic: without any, with late traffic, and the wrong way round."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.prodml.operators.drift_checks import drift_check
from tests.plugins.runs import Ti, run


def test_a_window_without_capture_needs_no_job(
    captured: str, bucket: str, script: Path, ti: Ti
) -> None:
    window = ("2024-06-01T00:00:00+00:00", "2024-06-01T01:00:00+00:00")
    operator = drift_check(script, bucket, captured, *window)
    verdict = run(operator, ti)
    assert (verdict["outcome"], verdict["job_name"]) == ("NO_DATA", None)
    assert operator.outcome == "NO_DATA"  # what its map index shows
    assert len(json.dumps(verdict)) < 400


def test_late_traffic_does_not_start_a_second_job(
    captured: str, bucket: str, s3: Any, script: Path, ti: Ti
) -> None:
    window = ("2024-05-06T22:00:00+00:00", "2024-05-06T23:00:00+00:00")
    first = run(drift_check(script, bucket, captured, *window), ti)
    key = f"{captured}/capture/c1/churn/AllTraffic/2024/05/06/22/late.jsonl"
    s3.put_object(Bucket=bucket, Key=key, Body=b"{}\n")
    assert run(drift_check(script, bucket, captured, *window), ti) == first


def test_a_window_the_wrong_way_round_is_refused(bucket: str, script: Path, ti: Ti) -> None:
    with pytest.raises(ValueError, match="Swap them"):
        run(drift_check(script, bucket, "x", "2024-06-02", "2024-06-01"), ti)
