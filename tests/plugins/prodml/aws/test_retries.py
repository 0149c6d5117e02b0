"""Transient errors are retried, page by page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.aws import retries
from prodml.aws.client import Aws
from prodml.aws.digests import content_digest
from prodml.aws.retries import pages, within
from prodml.aws.s3 import put_text, read_json, send_file, stored_digest

from include.local_aws.testing import Server


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    """Its clients, as ``without_retries``, repeat nothing; only ours do, and at once."""
    monkeypatch.setattr(retries, "backoff", lambda *_, **__: 0.0)
    return Aws()


def test_a_page_that_fails_is_asked_for_again(
    aws: Aws, server: Server, sagemaker: Any, unique: str
) -> None:
    for letter in "abc":
        sagemaker.create_experiment(ExperimentName=f"{unique}-{letter}")
    listed = aws.without_retries("sagemaker").list_experiments
    listing = pages(listed, MaxResults=1, SortBy="CreationTime", SortOrder="Descending")
    names = [next(listing)["ExperimentSummaries"][0]["ExperimentName"]]
    with server.faults({"operation": "ListExperiments", "error": "Throttling", "count": 2}):
        names += [next(listing)["ExperimentSummaries"][0]["ExperimentName"]]
    names += [next(listing)["ExperimentSummaries"][0]["ExperimentName"]]
    assert names == [f"{unique}-{letter}" for letter in "cba"]


def test_patience_ends(aws: Aws, server: Server) -> None:
    listed = aws.without_retries("sagemaker").list_experiments
    busy = {"operation": "ListExperiments", "error": "Throttling", "count": 9}
    with server.faults(busy), pytest.raises(ClientError, match="Throttling"):
        within(0.0, listed)


S3_CALLS: dict[str, Callable[[Any, str, Path], Any]] = {
    "ListObjectsV2": lambda s3, uri, _: content_digest(s3, uri),
    "GetObject": lambda s3, uri, _: read_json(s3, uri),
    "HeadObject": lambda s3, uri, _: stored_digest(s3, uri),
    "PutObject": lambda s3, uri, path: send_file(s3, path, f"{uri}.sent"),
}


@pytest.mark.parametrize("operation", S3_CALLS)
def test_s3_may_be_busy(
    operation: str, aws: Aws, server: Server, bucket: str, unique: str, tmp_path: Path
) -> None:
    s3, uri = aws.without_retries("s3"), f"s3://{bucket}/{unique}/x.json"
    put_text(s3, uri, "{}")
    (tmp_path / "x").write_text("1")
    with server.faults({"operation": operation, "error": "SlowDown", "count": 2}):
        S3_CALLS[operation](s3, uri, tmp_path / "x")
