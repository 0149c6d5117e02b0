from __future__ import annotations

from collections.abc import Callable
from typing import Any

from include.local_aws.cloudwatch.logs import DAY
from tests.include.local_aws.cloudwatch.log_lines import messages, now, put
from tests.include.local_aws.refusals import refusal

Unique = Callable[[str], str]


def test_streams_are_found_by_prefix(logs: Any, group: str) -> None:
    response = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="job/algo-2")
    assert [stream["logStreamName"] for stream in response["logStreams"]] == ["job/algo-2"]
    pages = logs.get_paginator("describe_log_streams").paginate(
        logGroupName=group, PaginationConfig={"PageSize": 1}
    )
    assert [len(page["logStreams"]) for page in pages] == [1, 1]


def test_empty_group_exists(logs: Any, unique: Unique) -> None:
    name = unique("/aws/empty")
    logs.create_log_group(logGroupName=name)
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert [group["logGroupName"] for group in groups] == [name]
    assert logs.describe_log_streams(logGroupName=name)["logStreams"] == []
    assert refusal(logs.create_log_group, logGroupName=name)[0] == "ResourceAlreadyExistsException"


def test_deleted_group_does_not_exist(logs: Any, group: str) -> None:
    logs.delete_log_group(logGroupName=group)
    code, _ = refusal(logs.describe_log_streams, logGroupName=group)
    assert code == "ResourceNotFoundException"


def test_stream_exists_once_created(logs: Any, unique: Unique) -> None:
    name = unique("/aws/streams")
    request = {"logGroupName": name, "logStreamName": "s"}
    assert refusal(logs.create_log_stream, **request)[0] == "ResourceNotFoundException"
    logs.create_log_group(logGroupName=name)
    logs.create_log_stream(**request)
    (stream,) = logs.describe_log_streams(logGroupName=name)["logStreams"]
    assert stream["logStreamName"] == "s"
    assert "firstEventTimestamp" not in stream
    assert logs.get_log_events(**request)["events"] == []
    code, message = refusal(logs.create_log_stream, **request)
    assert code == "ResourceAlreadyExistsException"
    assert message == "The specified log stream already exists"
    logs.delete_log_stream(**request)
    assert logs.describe_log_streams(logGroupName=name)["logStreams"] == []
    assert refusal(logs.delete_log_stream, **request)[0] == "ResourceNotFoundException"


def test_streams_are_ordered_by_their_last_event(logs: Any, unique: Unique) -> None:
    name = unique("/aws/ordered")
    logs.create_log_group(logGroupName=name)
    put(logs, name, "a", [(now(), "newest")])
    put(logs, name, "b", [(now() - 5000, "older")])
    response = logs.describe_log_streams(
        logGroupName=name, orderBy="LastEventTime", descending=True
    )
    assert [stream["logStreamName"] for stream in response["logStreams"]] == ["a", "b"]
    code, _ = refusal(
        logs.describe_log_streams,
        logGroupName=name,
        orderBy="LastEventTime",
        logStreamNamePrefix="a",
    )
    assert code == "InvalidParameterException"


def test_group_has_the_arns_and_the_size_of_aws(logs: Any, group: str) -> None:
    (described,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert described["arn"] == f"{described['logGroupArn']}:*"
    assert described["storedBytes"] == len("onetwothreeother") + 4 * 26
    assert described["logGroupClass"] == "STANDARD"


def test_groups_are_found_by_pattern_and_paged(logs: Any, unique: Unique) -> None:
    stem = unique("Paged")
    for number in range(3):
        logs.create_log_group(logGroupName=f"/x/{stem}/{number}")
    first = logs.describe_log_groups(logGroupNamePattern=stem.lower(), limit=2)
    assert len(first["logGroups"]) == 2
    rest = logs.describe_log_groups(logGroupNamePattern=stem.lower(), nextToken=first["nextToken"])
    assert [doc["logGroupName"] for doc in rest["logGroups"]] == [f"/x/{stem}/2"]
    code, _ = refusal(logs.describe_log_groups, nextToken="nonsense")
    assert code == "InvalidParameterException"


def test_groups_are_named_in_one_way(logs: Any) -> None:
    request = {"logGroupNamePrefix": "a", "logGroupNamePattern": "b"}
    code, message = refusal(logs.describe_log_groups, **request)
    assert (code, "mutually exclusive" in message) == ("InvalidParameterException", True)


def test_retention_is_kept_and_applied(logs: Any, group: str) -> None:
    old = [{"timestamp": now() - 2 * DAY, "message": "old"}]
    place = {"logGroupName": group, "logStreamName": "job/algo-1"}
    logs.put_log_events(**place, logEvents=old)
    assert "old" in messages(logs.filter_log_events(logGroupName=group))
    logs.put_retention_policy(logGroupName=group, retentionInDays=1)
    (described,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert described["retentionInDays"] == 1
    assert "old" not in messages(logs.filter_log_events(logGroupName=group))
    answer = logs.put_log_events(**place, logEvents=old)
    assert answer["rejectedLogEventsInfo"] == {"expiredLogEventEndIndex": 1}
    logs.delete_retention_policy(logGroupName=group)
    (described,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert "retentionInDays" not in described
    code, message = refusal(logs.put_retention_policy, logGroupName=group, retentionInDays=2)
    assert (code, "Use one of 1, 3, 5" in message) == ("InvalidParameterException", True)


def test_protected_group_is_not_deleted(logs: Any, group: str) -> None:
    switch = logs.put_log_group_deletion_protection
    switch(logGroupIdentifier=group, deletionProtectionEnabled=True)
    assert refusal(logs.delete_log_group, logGroupName=group)[0] == "ValidationException"
    switch(logGroupIdentifier=group, deletionProtectionEnabled=False)
    logs.delete_log_group(logGroupName=group)


def test_wrong_input_has_the_code_that_the_operation_models(logs: Any) -> None:
    code, message = refusal(logs.create_log_group, logGroupName="with spaces")
    assert code == "InvalidParameterException"
    assert "failed to satisfy constraint" in message


def test_groups_are_found_by_their_identifiers(logs: Any, group: str) -> None:
    (described,) = logs.describe_log_groups(logGroupIdentifiers=[group, "unknown"])["logGroups"]
    assert described["logGroupName"] == group
    of_others = described["logGroupArn"].replace("0000", "1111")
    assert logs.describe_log_groups(logGroupIdentifiers=[of_others])["logGroups"] == []
