"""Operations on log groups and log streams."""

from __future__ import annotations

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc, Duplicate
from ..wire.errors import validation
from .log_resources import (
    SERVICE,
    group_arn,
    group_of,
    identified,
    invalid,
    paged,
    stream_of,
    taken,
)
from .logs import Logs, Stream
from .metric_filters import KIND as FILTER
from .metric_filters import MetricFilters

RETENTIONS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
    *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


@operation(SERVICE, "CreateLogGroup")
def create_log_group(aws: Aws, request: Doc) -> Doc:
    name = request["logGroupName"]
    kept = ("kmsKeyId", "logGroupClass", "deletionProtectionEnabled")
    members = {key: request[key] for key in kept if key in request}
    try:
        aws.part(Logs).create_group(name, **members)
    except Duplicate:
        raise taken("log group") from None
    tags = [{"Key": key, "Value": value} for key, value in request.get("tags", {}).items()]
    aws.store.put_tags(group_arn(aws, name), tags)
    return {}


@operation(SERVICE, "DescribeLogGroups")
def describe_log_groups(aws: Aws, request: Doc) -> Doc:
    prefix, pattern = request.get("logGroupNamePrefix"), request.get("logGroupNamePattern")
    if prefix and pattern:
        raise invalid("logGroupNamePrefix and logGroupNamePattern are mutually exclusive.")
    wanted = {identified(aws, given) for given in request.get("logGroupIdentifiers", [])}
    groups = [
        doc
        for doc in aws.part(Logs).groups()
        if doc["logGroupName"].startswith(prefix or "")
        and (pattern or "").lower() in doc["logGroupName"].lower()
        and (not wanted or doc["logGroupName"] in wanted)
        and request.get("logGroupClass") in (None, doc.get("logGroupClass", "STANDARD"))
    ]
    page, following = paged(groups, request)
    return {"logGroups": [_described(aws, doc) for doc in page], "nextToken": following}


def _described(aws: Aws, doc: Doc) -> Doc:
    name = doc["logGroupName"]
    arn = group_arn(aws, name)
    filters = [f for f in aws.store.list(FILTER) if f["logGroupName"] == name]
    return (
        {"logGroupClass": "STANDARD"}
        | doc
        | {
            "arn": f"{arn}:*",
            "logGroupArn": arn,
            "metricFilterCount": len(filters),
            "storedBytes": aws.part(Logs).size(name),
        }
    )


@operation(SERVICE, "DeleteLogGroup")
def delete_log_group(aws: Aws, request: Doc) -> Doc:
    name = group_of(aws, request)
    if (aws.part(Logs).group(name) or {}).get("deletionProtectionEnabled"):
        raise validation(f"Log group {name} is protected. Disable its deletion protection first.")
    aws.part(Logs).delete_group(name)
    aws.part(MetricFilters).forget(name)
    aws.store.drop_tags(group_arn(aws, name))
    return {}


@operation(SERVICE, "PutLogGroupDeletionProtection")
def put_log_group_deletion_protection(aws: Aws, request: Doc) -> Doc:
    enabled = request["deletionProtectionEnabled"]
    name = group_of(aws, {"logGroupIdentifier": request["logGroupIdentifier"]})
    aws.part(Logs).change_group(name, deletionProtectionEnabled=enabled)
    return {}


@operation(SERVICE, "PutRetentionPolicy")
def put_retention_policy(aws: Aws, request: Doc) -> Doc:
    name, days = group_of(aws, request), request["retentionInDays"]
    if days not in RETENTIONS:
        known = ", ".join(map(str, RETENTIONS))
        raise invalid(f"retentionInDays {days} is not a valid retention. Use one of {known}.")
    aws.part(Logs).change_group(name, retentionInDays=days)
    return {}


@operation(SERVICE, "DeleteRetentionPolicy")
def delete_retention_policy(aws: Aws, request: Doc) -> Doc:
    aws.part(Logs).change_group(group_of(aws, request), retentionInDays=None)
    return {}


@operation(SERVICE, "CreateLogStream")
def create_log_stream(aws: Aws, request: Doc) -> Doc:
    try:
        aws.part(Logs).create_stream(group_of(aws, request), request["logStreamName"])
    except Duplicate:
        raise taken("log stream") from None
    return {}


@operation(SERVICE, "DeleteLogStream")
def delete_log_stream(aws: Aws, request: Doc) -> Doc:
    group = group_of(aws, request)
    aws.part(Logs).delete_stream(group, stream_of(aws, group, request["logStreamName"]))
    return {}


@operation(SERVICE, "DescribeLogStreams")
def describe_log_streams(aws: Aws, request: Doc) -> Doc:
    group, by_time = group_of(aws, request), request.get("orderBy") == "LastEventTime"
    if by_time and "logStreamNamePrefix" in request:
        raise invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
    streams = aws.part(Logs).streams(group, request.get("logStreamNamePrefix", ""))
    if by_time:
        streams.sort(key=lambda stream: stream.last or 0)
    if request.get("descending"):
        streams.reverse()
    page, following = paged([_stream(aws, group, stream) for stream in streams], request)
    return {"logStreams": page, "nextToken": following}


def _stream(aws: Aws, group: str, stream: Stream) -> Doc:
    return {
        "logStreamName": stream.name,
        "creationTime": stream.created,
        "firstEventTimestamp": stream.first,
        "lastEventTimestamp": stream.last,
        "lastIngestionTime": stream.ingested,
        "uploadSequenceToken": "0",
        "arn": f"{group_arn(aws, group)}:log-stream:{stream.name}",
        "storedBytes": 0,  # AWS no longer counts them
    }
