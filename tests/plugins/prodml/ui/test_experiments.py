"""Answer requests of the Experiments page."""

from __future__ import annotations

from fastapi.testclient import TestClient

from include.local_aws.testing import Server


def test_an_address_of_s3_leads_to_its_page(pages: TestClient, server: Server) -> None:
    answer = pages.get("/api/object?uri=s3://churn/run/model.tar.gz", follow_redirects=False)
    assert answer.headers["Location"] == f"{server.url}/_local/buckets/churn"
    for wrong in ("https://example.com/", "s3://a@example.com/", "s3:///x"):
        assert pages.get(f"/api/object?uri={wrong}").status_code == 422


def test_the_newest_trials_are_one_at_least(pages: TestClient) -> None:
    assert pages.get("/api/experiments/nothing/trials?most=0").status_code == 422
