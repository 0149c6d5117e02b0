"""Answer requests of pages: data, refusals with what to do, and AWS's failures."""

from __future__ import annotations

import gzip
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prodml.studio.reader import reader


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


def test_what_does_not_exist_is_not_found(pages: TestClient) -> None:
    assert pages.get("/api/endpoints/nowhere").status_code == 404


def test_an_open_page_asks_aws_once_a_minute(pages: TestClient, bucket: str) -> None:
    for _ in range(3):
        assert pages.get("/api/experiments").status_code == 200
        assert pages.get("/api/experiments/nothing/trials?most=100").json() == []
        assert pages.get("/api/curves").json() == []
        assert pages.get("/api/endpoints").json() == []
    calls = reader().calls
    assert calls["sagemaker:search"] == 3, "the experiments, the newest trial, and those of one"
    assert calls["resourcegroupstaggingapi:get_resources"] == 1


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
