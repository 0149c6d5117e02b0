"""Answer requests of the pages of models."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi.testclient import TestClient


def test_a_model_that_does_not_exist_has_no_lineage_and_no_deployments(pages: TestClient) -> None:
    lineage = pages.get("/api/models/nowhere/versions/1/lineage")
    assert lineage.status_code == 404
    assert lineage.json() == {"detail": "It does not exist any more."}
    assert pages.get("/api/models/nowhere/deployments").json() == []


def test_a_version_is_a_number(pages: TestClient) -> None:
    assert pages.get("/api/models/churn/versions/latest/lineage").status_code == 422


def test_costs_are_those_of_this_month(pages: TestClient) -> None:
    costs = pages.get("/api/models/costs").json()
    month = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    assert costs["start"] == month.isoformat()
    assert "nowhere" not in costs["pipelines"]
