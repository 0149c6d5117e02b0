"""What passes is waited out, page by page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.hooks import calls
from prodml.hooks.aws import Aws
from prodml.hooks.calls import pages, within
from prodml.hooks.s3 import content_digest, put_text, read_json, send_file, stored_digest

from tests.local_server import Server
from tests.plugins.faults import faults


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    """Its clients, as ``hasty``, repeat nothing; only ours do, and at once."""
    monkeypatch.setattr(calls, "backoff", lambda *_, **__: 0.0)
    return Aws()


def test_a_page_that_fails_is_asked_for_again(
    aws: Aws, server: Server, sagemaker: Any, unique: str
) -> None:
    for letter in "abc":
        sagemaker.create_experiment(ExperimentName=f"{unique}-{letter}")
    listed = aws.hasty("sagemaker").list_experiments
    found = pages(listed, MaxResults=1, SortBy="CreationTime", SortOrder="Descending")
    names = [next(found)["ExperimentSummaries"][0]["ExperimentName"]]
    with faults(server, {"operation": "ListExperiments", "error": "Throttling", "count": 2}):
        names += [next(found)["ExperimentSummaries"][0]["ExperimentName"]]
    names += [next(found)["ExperimentSummaries"][0]["ExperimentName"]]
    assert names == [f"{unique}-{letter}" for letter in "cba"]


def test_patience_ends(aws: Aws, server: Server) -> None:
    listed = aws.hasty("sagemaker").list_experiments
    busy = {"operation": "ListExperiments", "error": "Throttling", "count": 9}
    with faults(server, busy), pytest.raises(ClientError, match="Throttling"):
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
    s3, uri = aws.hasty("s3"), f"s3://{bucket}/{unique}/x.json"
    put_text(s3, uri, "{}")
    (tmp_path / "x").write_text("1")
    with faults(server, {"operation": operation, "error": "SlowDown", "count": 2}):
        S3_CALLS[operation](s3, uri, tmp_path / "x")
