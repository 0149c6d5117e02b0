"""The first opening of a page after a start of the API server does not wait for AWS."""

from __future__ import annotations

import gc
import json
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prodml.studio.reader import reader
from prodml.ui import warmed, warming
from prodml.ui.warming import warm

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform
from tests.plugins.prodml.studio import account

NAME = "a-warm-model"  # before all others
# The requests of the pages, as their scripts make them.
REQUESTS = (
    *("models", "models/costs", "experiments", "jobs?days=7", "costs?days=30", "endpoints"),
    *(f"endpoints/{NAME}", f"endpoints/{NAME}/metrics?hours=3&variant=AllTraffic"),
    *(f"experiments/{NAME}/trials?most=100", "drift?most=1", f"drift/{NAME}/{NAME}?most=24"),
    "drift",
)


@pytest.fixture(name="bucket")
def _model(platform: Platform, bucket: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The bucket with a window of a model in production, which has the newest experiment."""
    monkeypatch.setenv("PRODML_BUCKET", bucket)
    packages = account.register(platform, NAME, {0.9: "Approved"})
    account.serve(platform, NAME, packages[0])
    tags = account.DEPLOYED_BY.tags(1, packages[0])
    arn = platform.sagemaker.describe_endpoint(EndpointName=NAME)["EndpointArn"]
    platform.sagemaker.add_tags(ResourceArn=arn, Tags=tags)
    platform.sagemaker.create_experiment(ExperimentName=NAME)
    platform.sagemaker.create_trial(TrialName=NAME, ExperimentName=NAME)
    verdict = {"window_end": "2024-05-06T12:00:00+00:00", "outcome": "OK"}
    key = f"{NAME}/drift/windows/{NAME}/20240506T120000Z.json"
    platform.s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(verdict))
    return bucket


def test_the_pages_open_with_what_was_read_at_the_start(
    pages: TestClient, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "PAUSE", 0.0)
    reader.cache_clear()
    warm()
    before = reader().calls.total()
    assert [pages.get(f"/api/{place}").status_code for place in REQUESTS] == [200] * len(REQUESTS)
    assert reader().calls.total() == before
    place = f"endpoints/{NAME}/metrics?hours=3&amp;variant=AllTraffic"
    assert f'href="../api/{place}"' in pages.get("/studio/endpoints").text


def test_the_server_starts_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    for step in ("prepare", "warm"):
        monkeypatch.setattr(warming, step, lambda: None)
    server = FastAPI()
    assert warmed(server) is server


def test_garbage_collection_is_rare_and_leaves_out_what_a_start_has_loaded() -> None:
    before = gc.get_threshold()
    try:
        gc.set_threshold(700, 10, 10)
        warming.prepare()
        assert gc.get_freeze_count() > 10_000
        assert gc.get_threshold() == warming.COLLECTIONS
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def test_an_aws_that_cannot_be_read_does_not_fail_the_start(
    server: Server, caplog: pytest.LogCaptureFixture, pages: TestClient
) -> None:
    reader.cache_clear()
    denied: dict[str, Any] = {"operation": "Search", "error": "AccessDeniedException"}
    with server.faults(denied | {"status": 400}), caplog.at_level("INFO"):
        warm()
    assert "Studio's pages will read AWS when they are opened" in caplog.text
    assert "AccessDenied" in caplog.text
