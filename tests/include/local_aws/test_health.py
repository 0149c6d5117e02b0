"""Disks that are full, vanish or fail: requests that need them are refused, others succeed."""

from __future__ import annotations

import json
import resource
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.testing import Server, running_server
from tests.include.local_aws.refusals import refusal

PATH_STYLE = {"addressing_style": "path"}
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("full")) as running:
        yield running


def health(server: Server) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(f"{server.url}/_local/health", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_full_disk_fails_only_the_requests_of_s3_that_need_it(server: Server) -> None:
    """The next snapshot of the buckets is written to a device that is always full."""
    s3 = server.client("s3", s3=PATH_STYLE, read_timeout=20)
    s3.create_bucket(Bucket="full")
    s3.put_object(Bucket="full", Key="before", Body=b"1")
    partial = server.output.parent / "s3" / "buckets.partial"
    partial.symlink_to("/dev/full")
    for number in range(3):
        code, message = refusal(s3.put_object, Bucket="full", Key=f"k{number}", Body=b"2")
        assert (code, "No space left on device" in message) == ("InternalError", True)
    assert s3.get_object(Bucket="full", Key="before")["Body"].read() == b"1"
    status, report = health(server)
    assert (status, report["status"]) == (503, "degraded")
    assert "No space left on device" in report["problems"][0]
    partial.unlink()
    s3.put_object(Bucket="full", Key="after", Body=b"3")
    assert health(server) == (200, {"status": "ready"})


def test_unwritable_state_fails_only_the_requests_that_need_it(server: Server) -> None:
    """No file of the server may grow, as on a full disk."""
    logs, cloudwatch = server.client("logs"), server.client("cloudwatch")
    logs.create_log_group(logGroupName="before")
    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
    try:
        code, message = refusal(logs.create_log_group, logGroupName="during")
        assert (code, "CreateLogGroup could not be done" in message) == (
            "ServiceUnavailable",
            True,
        )
        data = [{"MetricName": "m", "Value": 1.0}]
        code, _ = refusal(cloudwatch.put_metric_data, Namespace="N", MetricData=data)
        assert code == "ServiceUnavailable"
        assert logs.describe_log_groups(logGroupNamePrefix="before")["logGroups"]
        status, report = health(server)
        assert status == 503
        assert "Nothing can be written to" in report["problems"][0]
    finally:
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, UNLIMITED)
    logs.create_log_group(logGroupName="during")
    cloudwatch.put_metric_data(Namespace="N", MetricData=data)
    assert health(server)[0] == 200


def test_vanished_folder_is_reported_and_s3_still_works(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        s3 = server.client("s3", s3=PATH_STYLE)
        s3.create_bucket(Bucket="kept")
        s3.put_object(Bucket="kept", Key="lost", Body=b"1")
        shutil.rmtree(tmp_path / "data")
        assert refusal(s3.get_object, Bucket="kept", Key="lost")[0] == "InternalError"
        s3.put_object(Bucket="kept", Key="new", Body=b"2")
        assert s3.get_object(Bucket="kept", Key="new")["Body"].read() == b"2"
        status, report = health(server)
        assert status == 503
        assert "was removed while it was in use. Restart the server." in " ".join(
            report["problems"]
        )
