"""Answer requests of the pages of jobs and costs."""

from __future__ import annotations

from fastapi.testclient import TestClient
from prodml.studio.reader import reader


def test_open_pages_of_jobs_and_costs_cost_ten_calls_a_minute(pages: TestClient) -> None:
    before = reader().calls.total()
    for _ in range(3):
        assert pages.get("/api/jobs?days=7").json()["jobs"] == []
        assert pages.get("/api/costs?days=30").json()["rows"] == []
    assert reader().calls.total() - before <= 10
    assert pages.get("/api/costs?days=900").status_code == 422
