"""Read the history of drift checks by its contract in S3."""

from __future__ import annotations

import json
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.exceptions import InvalidInputError
from prodml.studio.drift import histories, report, windows

ESTIMATE = {"score": "auc", "status": "WARN", "expected": 0.9, "warn": 0.88, "alert": 0.85}


@pytest.fixture(scope="module")
def root(s3: Any, bucket: str) -> str:
    """Three windows of one endpoint; the second has a report."""
    root = f"s3://{bucket}/studio-drift"
    for hour, outcome in enumerate(("NO_DATA", "ALERT", "OK")):
        reported = f"{root}/churn/runs/{hour}/" if outcome == "ALERT" else None
        verdict = {
            "window_start": f"2024-05-06T{hour:02}:00:00+00:00",
            "window_end": f"2024-05-06T{hour + 1:02}:00:00+00:00",
            "outcome": outcome,
            "report": reported,
            "columns": ["minutes"] if reported else [],
            "distances": {"minutes": 0.3} if reported else {},
            "thresholds": {"minutes": [0.1, 0.2]} if reported else {},
            "joint": 0.05 if reported else None,
            "joint_thresholds": [0.03, 0.08] if reported else None,
            "estimated": 0.87 if reported else None,
            "estimate": ESTIMATE if reported else None,
        }
        key = f"studio-drift/churn/drift/windows/churn/20240506T{hour + 1:02}0000Z.json"
        s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(verdict))
    s3.put_object(Bucket=bucket, Key="studio-drift/churn/runs/1/report.html", Body="<p>moved")
    return root


def test_the_newest_windows_come_oldest_first_with_columns_and_thresholds(root: str) -> None:
    alert, calm = windows(Aws(), root, "churn", "churn", most=2)
    assert (alert["outcome"], calm["outcome"]) == ("ALERT", "OK")
    assert alert["columns"] == {"minutes": {"distance": 0.3, "warn": 0.1, "alert": 0.2}}
    assert alert["joint"] == {"distance": 0.05, "warn": 0.03, "alert": 0.08}
    assert alert["estimate"] == ESTIMATE | {"value": 0.87}
    assert (calm["joint"], calm["estimate"]) == (None, None)
    assert (alert["stamp"], alert["has_report"]) == ("20240506T020000Z", True)
    assert not calm["has_report"]


def test_only_endpoints_with_a_history_are_listed(root: str) -> None:
    known = histories(Aws(), root)
    assert known == [{"pipeline": "churn", "endpoint": "churn"}]
    assert histories(Aws(), root, most=1) == known
    assert windows(Aws(), root, "wine", "wine") == []


def test_the_report_of_a_window_is_read(root: str) -> None:
    assert report(Aws(), root, "churn", "churn", "20240506T020000Z") == b"<p>moved"


def test_a_window_without_data_has_no_report(root: str) -> None:
    with pytest.raises(InvalidInputError, match="has no report: it had no data"):
        report(Aws(), root, "churn", "churn", "20240506T010000Z")


def test_a_report_outside_of_the_root_is_not_read(s3: Any, bucket: str, root: str) -> None:
    elsewhere = {"report": f"s3://{bucket}/secret/", "window_end": "", "outcome": "OK"}
    key = "studio-drift/churn/drift/windows/moved/20240506T020000Z.json"
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(elsewhere))
    with pytest.raises(InvalidInputError, match="has no report"):
        report(Aws(), root, "churn", "moved", "20240506T020000Z")


@pytest.mark.parametrize("name", ["../other", "a/b", "", "."])
def test_a_name_that_would_leave_the_folder_is_refused(name: str, root: str) -> None:
    with pytest.raises(InvalidInputError, match="is no name of a pipeline or endpoint"):
        windows(Aws(), root, "churn", name)
    with pytest.raises(InvalidInputError, match="is not the end of a window"):
        report(Aws(), root, "churn", "churn", name)
