"""Read the lines of a job from CloudWatch Logs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prodml.aws.logs import Tail, advice

from include.local_aws.testing import Server

BEGUN = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)


@pytest.fixture(scope="module")
def logs(server: Server) -> Any:
    return server.client("logs")


@pytest.fixture
def group(logs: Any, unique: str) -> str:
    logs.create_log_group(logGroupName=unique)
    return unique


def _write(logs: Any, group: str, stream: str, *lines: str, second: int = 0) -> None:
    if not logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=stream)["logStreams"]:
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    first = int(BEGUN.timestamp() + second) * 1000
    events = [{"timestamp": first + n, "message": line} for n, line in enumerate(lines)]
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)


def test_each_line_is_new_once(logs: Any, group: str) -> None:
    tail = Tail(logs, group, "job")
    assert tail.new_lines() == []
    _write(logs, group, "job/algo-1", "one", "two  ")
    assert tail.new_lines() == ["one", "two"]
    assert tail.new_lines() == []
    _write(logs, group, "job/algo-1", "three", second=1)
    assert tail.new_lines() == ["three"]


def test_the_end_is_the_last_lines(logs: Any, group: str) -> None:
    _write(logs, group, "job/algo-1", "one", "two", "three")
    assert Tail(logs, group, "job").end(2) == ["two", "three"]


def test_a_job_whose_name_only_begins_alike_is_another_one(logs: Any, group: str) -> None:
    _write(logs, group, "job-2/algo-1", "of another job")
    assert Tail(logs, group, "job").end(9) == []


def test_lines_before_the_given_time_are_left_out(logs: Any, group: str) -> None:
    _write(logs, group, "job/algo-1", "of an earlier try")
    _write(logs, group, "job/algo-1", "of this try", second=60)
    since = BEGUN + timedelta(seconds=30)
    assert Tail(logs, group, "job", since=since).new_lines() == ["of this try"]


def test_a_log_that_cannot_be_read_has_no_lines(logs: Any, server: Server, group: str) -> None:
    _write(logs, group, "job/algo-1", "one")
    denied = {"operation": "GetLogEvents", "error": "AccessDeniedException", "status": 400}
    with server.faults(denied):
        assert Tail(logs, group, "job").end(9) == []
    assert Tail(logs, f"{group}-gone", "job").end(9) == []


def test_only_a_log_group_that_exists_is_to_be_read(logs: Any, group: str) -> None:
    assert advice(logs, group) == f"Read the log group {group}."
    missing = group[:-1]  # whose name begins as that of another group does
    assert advice(logs, missing).startswith(f"There is no log group {missing}: no container")
