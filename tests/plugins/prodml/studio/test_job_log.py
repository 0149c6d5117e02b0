"""Follow the log of a job from page to page."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from prodml.aws.client import Aws
from prodml.exceptions import InvalidInputError
from prodml.studio.job_log import job_log

from include.local_aws.testing import Server

GROUP = "/aws/sagemaker/ProcessingJobs"


@pytest.fixture(scope="module")
def logs(server: Server) -> Any:
    client = server.client("logs")
    with contextlib.suppress(client.exceptions.ResourceAlreadyExistsException):
        client.create_log_group(logGroupName=GROUP)
    return client


def write(logs: Any, stream: str, *lines: str) -> None:
    now = round(time.time() * 1000)
    events = [{"timestamp": now + number, "message": line} for number, line in enumerate(lines)]
    logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events)


def test_the_end_of_a_log_is_followed_by_what_is_written_later(logs: Any, unique: str) -> None:
    for host in ("algo-1", "algo-2"):
        logs.create_log_stream(logGroupName=GROUP, logStreamName=f"{unique}/{host}")
    write(logs, f"{unique}/algo-1", "first", "second", "third")
    page = job_log(Aws(), "ProcessingJob", unique, {}, lines=2)
    assert [line["text"] for line in page["lines"]] == ["second", "third"]
    assert page["instances"] == 2
    write(logs, f"{unique}/algo-2", "of the other instance")
    following = job_log(Aws(), "ProcessingJob", unique, page["tokens"], lines=2)
    assert [line["text"] for line in following["lines"]] == ["of the other instance"]


def test_a_job_that_has_not_written_has_no_lines(logs: Any, unique: str) -> None:
    nothing = {"lines": [], "tokens": {}, "instances": 0}
    assert job_log(Aws(), "ProcessingJob", unique, {}) == nothing
    assert job_log(Aws(), "TransformJob", unique, {}) == nothing, "not even the group exists"


def test_a_stream_of_another_job_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="Stream 'other/algo-1' is not of job mine"):
        job_log(Aws(), "TrainingJob", "mine", {"other/algo-1": "f/1"})


def test_a_kind_that_is_no_job_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InvalidInputError, match="Use one of TrainingJob, ProcessingJob"):
        job_log(Aws(), "Endpoint", "churn", {})
