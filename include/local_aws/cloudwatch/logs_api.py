"""CloudWatch Logs: what jobs print, readable while they run."""

from __future__ import annotations

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError
from .logs import Logs

SERVICE = "logs"


@operation(SERVICE, "DescribeLogGroups")
def describe_log_groups(aws: Aws, request: Doc) -> Doc:
    prefix = request.get("logGroupNamePrefix", "")
    names = [name for name in aws.part(Logs).groups() if name.startswith(prefix)]
    groups = [
        {"logGroupName": name, "arn": aws.arn(f"log-group:{name}", SERVICE)} for name in names
    ]
    return {"logGroups": groups}


@operation(SERVICE, "DescribeLogStreams")
def describe_log_streams(aws: Aws, request: Doc) -> Doc:
    group = _existing(aws, request)
    streams: list[Doc] = [
        {
            "logStreamName": name,
            "creationTime": first,
            "firstEventTimestamp": first,
            "lastEventTimestamp": last,
            "arn": aws.arn(f"log-group:{group}:log-stream:{name}", SERVICE),
        }
        for name, first, last in aws.part(Logs).streams(
            group, request.get("logStreamNamePrefix", "")
        )
    ]
    if request.get("orderBy") == "LastEventTime":
        streams.sort(key=lambda stream: stream["lastEventTimestamp"])
    if request.get("descending"):
        streams.reverse()
    wanted = {"MaxResults": request.get("limit", 50), "NextToken": request.get("nextToken")}
    found, token = paging.page(streams, wanted)
    return {"logStreams": found, "nextToken": token}


@operation(SERVICE, "GetLogEvents")
def get_log_events(aws: Aws, request: Doc) -> Doc:
    """Tokens hold the id of the last event seen: at the end the same one comes back, as on AWS."""
    group, stream = _existing(aws, request), request["logStreamName"]
    if stream not in {name for name, _, _ in aws.part(Logs).streams(group, stream)}:
        raise AwsError("ResourceNotFoundException", "The specified log stream does not exist.")
    direction, seen = _position(request.get("nextToken", "/0"))
    limit = request.get("limit", 10_000)
    after = seen if direction == "f" else 0
    events = _between(aws.part(Logs).events(group, stream, after), request)
    if direction == "b":
        events = [event for event in events if event["id"] < seen][-limit:]
    elif direction == "f" or request.get("startFromHead"):
        events = events[:limit]
    else:
        events = events[-limit:]
    last = events[-1]["id"] if events else seen
    first = events[0]["id"] if events else seen
    return {
        "events": events,
        "nextForwardToken": f"f/{last}",
        "nextBackwardToken": f"b/{first}",
    }


def _position(token: str) -> tuple[str, int]:
    direction, _, number = token.partition("/")
    if direction not in ("", "f", "b") or not number.isdecimal():
        raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
    return direction, int(number)


@operation(SERVICE, "FilterLogEvents")
def filter_log_events(aws: Aws, request: Doc) -> Doc:
    group = _existing(aws, request)
    names = request.get("logStreamNames")
    prefix = request.get("logStreamNamePrefix", "")
    wanted = request.get("filterPattern", "").strip('"')
    events = [
        event
        for event in _between(aws.part(Logs).events(group), request)
        if (not names or event["logStreamName"] in names)
        and event["logStreamName"].startswith(prefix)
        and wanted in event["message"]
    ]
    asked = {"MaxResults": request.get("limit", 10_000), "NextToken": request.get("nextToken")}
    found, token = paging.page(events, asked)
    return {"events": found, "nextToken": token, "searchedLogStreams": []}


@operation(SERVICE, "CreateLogGroup")
def create_log_group(aws: Aws, request: Doc) -> Doc:
    name = request["logGroupName"]
    if name in aws.part(Logs).groups():
        message = "The specified log group already exists"
        raise AwsError("ResourceAlreadyExistsException", message)
    aws.part(Logs).create(name)
    return {}


@operation(SERVICE, "CreateLogStream")
def create_log_stream(aws: Aws, request: Doc) -> Doc:
    return {}


@operation(SERVICE, "PutLogEvents")
def put_log_events(aws: Aws, request: Doc) -> Doc:
    events = [(event["timestamp"], event["message"]) for event in request["logEvents"]]
    aws.part(Logs).put_events(request["logGroupName"], request["logStreamName"], events)
    return {"nextSequenceToken": "0"}


@operation(SERVICE, "DeleteLogGroup")
def delete_log_group(aws: Aws, request: Doc) -> Doc:
    aws.part(Logs).delete(_existing(aws, request))
    return {}


def _existing(aws: Aws, request: Doc) -> str:
    """The group that a request names, or identifies by its ARN."""
    identifier = request.get("logGroupIdentifier", "")
    group: str = request.get("logGroupName") or identifier.rpartition("log-group:")[2]
    if not group:
        message = "Either logGroupName or logGroupIdentifier must be specified."
        raise AwsError("InvalidParameterException", message)
    if group not in aws.part(Logs).groups():
        raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return group


def _between(events: list[Doc], request: Doc) -> list[Doc]:
    start, end = request.get("startTime", 0), request.get("endTime", 1 << 62)
    return [event for event in events if start <= event["timestamp"] < end]
