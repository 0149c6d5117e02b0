from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from include.local_aws.cloudwatch.logs import DAY
from tests.include.local_aws.cloudwatch.log_lines import messages, now, put
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


def test_events_are_read_forward_until_the_token_stays(logs: Any, group: str) -> None:
    """Tails rely on it: at the end, the token of the request is returned again."""
    request = {"logGroupName": group, "logStreamName": "job/algo-1", "startFromHead": True}
    first = logs.get_log_events(**request, limit=2)
    second = logs.get_log_events(**request, nextToken=first["nextForwardToken"])
    third = logs.get_log_events(**request, nextToken=second["nextForwardToken"])
    assert [messages(a) for a in (first, second, third)] == [["one", "two"], ["three"], []]
    assert third["nextForwardToken"] == second["nextForwardToken"]


def test_newest_events_come_by_default(logs: Any, group: str) -> None:
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
    response = logs.filter_log_events(logGroupName=name, startTime=at + 1)
    assert messages(response) == []


def test_filter_reads_all_streams(logs: Any, group: str) -> None:
    assert sorted(messages(logs.filter_log_events(logGroupName=group))) == [
        "one",
        "other",
        "three",
        "two",
    ]
    assert messages(logs.filter_log_events(logGroupName=group, filterPattern="two")) == ["two"]
    response = logs.filter_log_events(logGroupName=group, logStreamNames=["job/algo-2"])
    assert messages(response) == ["other"]


def test_unknown_group_stream_and_token_are_refused(logs: Any, group: str) -> None:
    request = {"logGroupName": "/aws/unknown", "logStreamName": "s"}
    assert refusal(logs.get_log_events, **request)[0] == "ResourceNotFoundException"
    request = {"logGroupName": group, "logStreamName": "unknown"}
    assert refusal(logs.get_log_events, **request)[0] == "ResourceNotFoundException"
    request = {"logGroupName": group, "logStreamName": "job/algo-1", "nextToken": "nonsense"}
    assert refusal(logs.get_log_events, **request)[0] == "InvalidParameterException"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", ["one", "two", "three", "other"]),
        ("?one ?three", ["one", "three"]),
        ("-one -other", ["two", "three"]),
        ('"th" "ee"', ["three"]),
        ("%^t.+e$%", ["three"]),
    ],
)
def test_filter_pattern_selects(logs: Any, group: str, pattern: str, expected: list[str]) -> None:
    response = logs.filter_log_events(logGroupName=group, filterPattern=pattern)
    assert sorted(messages(response)) == sorted(expected)


def test_json_events_are_selected_by_their_properties(logs: Any, unique: Unique) -> None:
    name = unique("/aws/json")
    logs.create_log_group(logGroupName=name)
    put(logs, name, "s", [(now(), json.dumps({"status": 200 + n, "ok": n == 0})) for n in range(3)])
    pattern = "{ $.status > 200 && $.ok IS FALSE }"
    response = logs.filter_log_events(logGroupName=name, filterPattern=pattern)
    assert [json.loads(text)["status"] for text in messages(response)] == [201, 202]


def test_unreadable_pattern_is_refused(logs: Any, group: str) -> None:
    code, message = refusal(logs.filter_log_events, logGroupName=group, filterPattern="{ $.a = }")
    assert code == "InvalidParameterException"
    assert "Invalid filter pattern" in message


def test_streams_are_named_in_one_way(logs: Any, group: str) -> None:
    streams = {"logStreamNames": ["job/algo-1"], "logStreamNamePrefix": "job"}
    code, message = refusal(logs.filter_log_events, logGroupName=group, **streams)
    assert (code, "mutually exclusive" in message) == ("InvalidParameterException", True)


def test_filter_pages_by_its_limit(logs: Any, group: str) -> None:
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group, PaginationConfig={"PageSize": 3}
    )
    assert [len(page["events"]) for page in pages] == [3, 1]


def test_time_range_ends_with_its_end_for_a_filter_and_before_it_for_a_stream(
    logs: Any, unique: Unique
) -> None:
    name, at = unique("/aws/times"), now()
    logs.create_log_group(logGroupName=name)
    put(logs, name, "s", [(at - 2, "a"), (at - 1, "b"), (at, "c")])
    span = {"startTime": at - 1, "endTime": at}
    assert messages(logs.filter_log_events(logGroupName=name, **span)) == ["b", "c"]
    request = {"logGroupName": name, "logStreamName": "s"} | span
    assert messages(logs.get_log_events(**request)) == ["b"]


def test_events_are_read_in_the_order_of_their_times(logs: Any, unique: Unique) -> None:
    name, at = unique("/aws/order"), now()
    logs.create_log_group(logGroupName=name)
    put(logs, name, "s", [(at, "late")])
    lines = [{"timestamp": at - 5, "message": "early"}]
    logs.put_log_events(logGroupName=name, logStreamName="s", logEvents=lines)
    response = logs.get_log_events(logGroupName=name, logStreamName="s", startFromHead=True)
    assert messages(response) == ["early", "late"]
    assert response["events"][0]["ingestionTime"] > response["events"][0]["timestamp"]


def test_every_event_is_read_once_backward_and_forward(logs: Any, unique: Unique) -> None:
    name, at = unique("/aws/pages"), now()
    logs.create_log_group(logGroupName=name)
    put(logs, name, "s", [(at, str(n)) for n in range(7)])
    request: dict[str, Any] = {"logGroupName": name, "logStreamName": "s", "limit": 3}
    answer = logs.get_log_events(**request)
    pages = [messages(answer)]
    while messages(answer := logs.get_log_events(**request, nextToken=answer["nextBackwardToken"])):
        pages.append(messages(answer))
    assert pages == [["4", "5", "6"], ["1", "2", "3"], ["0"]]
    forward = logs.get_log_events(**request, nextToken=answer["nextForwardToken"])
    assert messages(forward) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("age", "rejected"),
    [
        (-15 * DAY, {"tooOldLogEventEndIndex": 1}),
        (3 * 3_600_000, {"tooNewLogEventStartIndex": 0}),
    ],
)
def test_event_that_is_too_old_or_too_new_is_rejected_and_not_kept(
    logs: Any, unique: Unique, age: int, rejected: dict[str, int]
) -> None:
    name = unique("/aws/ages")
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="s")
    lines = [{"timestamp": now() + age, "message": "x"}]
    answer = logs.put_log_events(logGroupName=name, logStreamName="s", logEvents=lines)
    assert answer["rejectedLogEventsInfo"] == rejected
    assert messages(logs.filter_log_events(logGroupName=name)) == []


@pytest.mark.parametrize(
    ("offsets", "message"),
    [
        ([0, -1], "must be in chronological order"),
        ([-DAY - 1, 0], "cannot span more than 24 hours"),
    ],
)
def test_batch_that_is_out_of_order_or_too_long_is_refused(
    logs: Any, group: str, offsets: list[int], message: str
) -> None:
    lines = [{"timestamp": now() + offset, "message": "x"} for offset in offsets]
    code, refused = refusal(
        logs.put_log_events, logGroupName=group, logStreamName="job/algo-1", logEvents=lines
    )
    assert (code, message in refused) == ("InvalidParameterException", True)


def test_nothing_is_written_to_a_missing_resource(logs: Any, group: str) -> None:
    lines = [{"timestamp": now(), "message": "x"}]
    request = {"logStreamName": "unknown", "logEvents": lines}
    code, refused = refusal(logs.put_log_events, logGroupName=group, **request)
    assert (code, refused) == (
        "ResourceNotFoundException",
        "The specified log stream does not exist.",
    )
    code, refused = refusal(logs.put_log_events, logGroupName="/aws/unknown", **request)
    assert (code, refused) == (
        "ResourceNotFoundException",
        "The specified log group does not exist.",
    )
    code, _ = refusal(logs.filter_log_events, logGroupName=group, logStreamNames=["unknown"])
    assert code == "ResourceNotFoundException"


def test_group_is_found_by_its_arn_and_not_by_that_of_another_account(
    logs: Any, group: str
) -> None:
    arn = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["logGroupArn"]
    assert len(messages(logs.filter_log_events(logGroupIdentifier=arn))) == 4
    code, _ = refusal(logs.filter_log_events, logGroupIdentifier=arn.replace("0000", "1111"))
    assert code == "ResourceNotFoundException"
    both = {"logGroupIdentifier": arn, "logGroupName": group}
    assert refusal(logs.filter_log_events, **both)[0] == "InvalidParameterException"
