"""Answer requests of the Drift page, and serve the reports of windows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

STAMP = "20240506T120000Z"
REPORT = f"/api/drift/churn/checked/{STAMP}/report"


@pytest.fixture
def window(s3: Any, bucket: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that writes the document of a window with the members given."""
    monkeypatch.setenv("PRODML_BUCKET", bucket)

    def write(**members: str) -> None:
        key = f"churn/drift/windows/checked/{STAMP}.json"
        s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(members))

    return write


def test_a_report_may_run_nothing_and_load_nothing(
    pages: TestClient, window: Any, s3: Any, bucket: str
) -> None:
    s3.put_object(Bucket=bucket, Key="churn/run/report.html", Body=b"<p>Drift")
    window(report=f"s3://{bucket}/churn/run")
    answer = pages.get(REPORT)
    assert (answer.status_code, answer.text) == (200, "<p>Drift")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_window_without_a_report_of_this_deployment_is_not_found(
    pages: TestClient, window: Any
) -> None:
    for members in ({}, {"report": "s3://another-bucket/churn/run"}):
        window(**members)
        answer = pages.get(REPORT)
        assert answer.status_code == 404
        assert answer.json()["detail"].endswith("Open another window.")


def test_a_window_that_was_not_checked_is_not_found(pages: TestClient) -> None:
    missing = pages.get(f"/api/drift/churn/churn/{STAMP}/report")
    assert missing.status_code == 404
    assert "does not exist" in missing.json()["detail"]
    wrong = pages.get("/api/drift/churn/churn/monday/report")
    assert wrong.status_code == 404
    assert wrong.json()["detail"].startswith("'monday' is not the end of a window.")


@pytest.mark.parametrize("most", [0, 201])
def test_a_page_has_1_to_200_windows(pages: TestClient, most: int) -> None:
    assert pages.get(f"/api/drift/churn/churn?most={most}").status_code == 422
