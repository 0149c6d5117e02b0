"""Answer requests of pages: data, refusals with what to do, and AWS's failures."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prodml.studio.reader import reader
from prodml.ui import access
from prodml.ui.answers import rendered
from prodml.ui.application import app

from include.local_aws.testing import Server


@pytest.fixture(scope="module")
def pages() -> Iterator[TestClient]:
    """The pages for a user whom Airflow lets read DAGs."""
    app.dependency_overrides[access.MAY_READ_DAGS.dependency] = lambda: None
    reader.cache_clear()
    yield TestClient(app)
    app.dependency_overrides.clear()
    reader.cache_clear()


@pytest.mark.parametrize(
    ("address", "status", "error", "remedy"),
    [
        ("log/Endpoint/churn", 400, "'Endpoint' is no kind of job.", "Use one of TrainingJob,"),
        ("drift/churn/a.b", 400, "'a.b' is no name", "Choose another one."),
        ("curves?metric=auc&arn=x&job=y", 400, "'x' is not the ARN", "Reload."),
    ],
)
def test_a_refusal_has_a_remedy(
    pages: TestClient, address: str, status: int, error: str, remedy: str
) -> None:
    answer = pages.get(f"/api/{address}")
    assert answer.status_code == status
    assert error in answer.json()["error"]
    assert answer.json()["remedy"].startswith(remedy)


def test_an_address_of_s3_leads_to_its_page(pages: TestClient, server: Server) -> None:
    answer = pages.get("/api/object?uri=s3://churn/run/model.tar.gz", follow_redirects=False)
    assert answer.headers["Location"] == f"{server.url}/_local/buckets/churn"
    for wrong in ("https://example.com/", "s3://a@example.com/", "s3:///x"):
        assert pages.get(f"/api/object?uri={wrong}").status_code == 422


def test_what_does_not_exist_is_not_found(pages: TestClient) -> None:
    assert pages.get("/api/endpoints/nowhere").status_code == 404
    missing = pages.get("/api/drift/churn/churn/20240506T120000Z/report")
    assert missing.status_code == 404
    assert "does not exist" in missing.json()["detail"]


def test_an_open_page_asks_aws_once_a_minute(pages: TestClient, bucket: str) -> None:
    for _ in range(3):
        assert pages.get("/api/experiments").status_code == 200
        assert pages.get("/api/experiments/nothing/trials?most=100").json() == []
        assert pages.get("/api/curves").json() == []
        assert pages.get("/api/endpoints").json() == []
    calls = reader().calls
    assert calls["sagemaker:search"] == 2, "the experiments, and the trials of one"
    assert calls["resourcegroupstaggingapi:get_resources"] == 1


def test_open_pages_of_jobs_and_costs_cost_ten_calls_a_minute(pages: TestClient) -> None:
    before = reader().calls.total()
    for _ in range(3):
        assert pages.get("/api/jobs?days=7").json()["jobs"] == []
        assert pages.get("/api/costs?days=30").json()["rows"] == []
    assert reader().calls.total() - before <= 10
    assert pages.get("/api/costs?days=900").status_code == 422


def test_a_young_summary_is_forwarded_compressed_with_its_time(
    pages: TestClient, s3: Any, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRODML_BUCKET", bucket)
    place = {"Bucket": bucket, "Key": "studio/local/models.json.gz"}
    s3.put_object(**place, Body=gzip.compress(b'{"models": []}'))
    written = s3.head_object(**place)["LastModified"]
    answer = pages.get("/api/models")
    s3.delete_object(**place)
    assert answer.json() == {"models": []}
    assert answer.headers["Content-Encoding"] == "gzip"
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) == written
    plain = pages.get("/api/models", headers={"Accept-Encoding": "identity"})
    assert plain.text == '{"models": []}'


def test_an_answer_has_the_time_of_the_oldest_response_in_it(pages: TestClient) -> None:
    first, second = (pages.get("/api/endpoints").headers["Last-Modified"] for _ in range(2))
    assert first == second
    assert datetime.now(UTC) - parsedate_to_datetime(first) < timedelta(minutes=1)


def test_half_of_a_surrogate_pair_does_not_fail_an_answer() -> None:
    answer = rendered(lambda _: {"text": "half: \ud83d"})
    assert gzip.decompress(bytes(answer.body)) == b'{"text":"half: ?"}'


def test_a_failure_of_aws_is_a_problem_with_a_remedy(pages: TestClient, server: Server) -> None:
    denied: dict[str, Any] = {
        "operation": "Search",
        "error": "AccessDeniedException",
        "status": 400,
    }
    with server.faults(denied):
        answer = pages.get("/api/experiments/denied/trials")
    assert answer.status_code == 502
    assert "AccessDenied" in answer.json()["error"]
    assert answer.json()["remedy"]
