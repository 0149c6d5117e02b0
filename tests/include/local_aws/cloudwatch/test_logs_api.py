from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.testing import Server
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


@pytest.fixture(scope="module", name="logs")
def _logs(local_aws: Server) -> Any:
    return local_aws.client("logs")


@pytest.fixture(name="group")
def _group(logs: Any, unique: Unique) -> str:
    """Two streams, of three lines and of one."""
    name = unique("/aws/group")
    logs.create_log_group(logGroupName=name)
    now = int(time.time() * 1000)
    put(logs, name, "job/algo-1", [(now - 2, "one"), (now - 1, "two"), (now, "three")])
    put(logs, name, "job/algo-2", [(now, "other")])
    return name


def put(logs: Any, group: str, stream: str, events: list[tuple[int, str]]) -> None:
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    lines = [{"timestamp": at, "message": message} for at, message in events]
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=lines)


def messages(answer: dict[str, Any]) -> list[str]:
    return [event["message"] for event in answer["events"]]


def test_streams_are_found_by_prefix(logs: Any, group: str) -> None:
    found = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="job/algo-2")
    assert [stream["logStreamName"] for stream in found["logStreams"]] == ["job/algo-2"]
    pages = logs.get_paginator("describe_log_streams").paginate(
        logGroupName=group, PaginationConfig={"PageSize": 1}
    )
    assert [len(page["logStreams"]) for page in pages] == [1, 1]


def test_events_are_read_forward_until_the_token_stays(logs: Any, group: str) -> None:
    """So every tail works: at the end, the token that came in comes back."""
    request = {"logGroupName": group, "logStreamName": "job/algo-1", "startFromHead": True}
    first = logs.get_log_events(**request, limit=2)
    second = logs.get_log_events(**request, nextToken=first["nextForwardToken"])
    third = logs.get_log_events(**request, nextToken=second["nextForwardToken"])
    assert [messages(a) for a in (first, second, third)] == [["one", "two"], ["three"], []]
    assert third["nextForwardToken"] == second["nextForwardToken"]


def test_newest_events_come_unless_told(logs: Any, group: str) -> None:
    request = {"logGroupName": group, "logStreamName": "job/algo-1", "limit": 2}
    last = logs.get_log_events(**request)
    assert messages(last) == ["two", "three"]
    before = logs.get_log_events(**request, nextToken=last["nextBackwardToken"])
    assert messages(before) == ["one"]


def test_timestamps_are_kept(logs: Any, unique: Unique) -> None:
    name = unique("/aws/group")
    logs.create_log_group(logGroupName=name)
    at = int(time.time() * 1000) - 60_000
    put(logs, name, "s", [(at, "past")])
    (event,) = logs.get_log_events(logGroupName=name, logStreamName="s")["events"]
    assert event["timestamp"] == at
    found = logs.filter_log_events(logGroupName=name, startTime=at + 1)
    assert messages(found) == []


def test_filter_reads_all_streams(logs: Any, group: str) -> None:
    assert sorted(messages(logs.filter_log_events(logGroupName=group))) == [
        "one",
        "other",
        "three",
        "two",
    ]
    assert messages(logs.filter_log_events(logGroupName=group, filterPattern="thr")) == ["three"]
    found = logs.filter_log_events(logGroupName=group, logStreamNames=["job/algo-2"])
    assert messages(found) == ["other"]


def test_empty_group_exists(logs: Any, unique: Unique) -> None:
    name = unique("/aws/empty")
    logs.create_log_group(logGroupName=name)
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert [group["logGroupName"] for group in groups] == [name]
    assert logs.describe_log_streams(logGroupName=name)["logStreams"] == []
    assert refusal(logs.create_log_group, logGroupName=name)[0] == "ResourceAlreadyExistsException"


def test_deleted_group_is_gone(logs: Any, group: str) -> None:
    logs.delete_log_group(logGroupName=group)
    code, _ = refusal(logs.describe_log_streams, logGroupName=group)
    assert code == "ResourceNotFoundException"


def test_unknown_group_stream_and_token_are_refused(logs: Any, group: str) -> None:
    request = {"logGroupName": "/aws/nobody", "logStreamName": "s"}
    assert refusal(logs.get_log_events, **request)[0] == "ResourceNotFoundException"
    request = {"logGroupName": group, "logStreamName": "nobody"}
    assert refusal(logs.get_log_events, **request)[0] == "ResourceNotFoundException"
    request = {"logGroupName": group, "logStreamName": "job/algo-1", "nextToken": "nonsense"}
    assert refusal(logs.get_log_events, **request)[0] == "InvalidParameterException"
