"""Read the log of a job in pages, for a view that follows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from prodml.aws.client import Clients
from prodml.aws.errors import is_absent
from prodml.exceptions import InvalidInputError
from prodml.vocabulary import JOBS

GROUPS = {kind.noun: kind.log_group for kind in JOBS}
MOST_INSTANCES = 4  # of which the log is read; each costs a call
LINES = 200


class LogLine(TypedDict):
    """A line with its time in milliseconds since 1970."""

    at: int
    text: str


class LogPage(TypedDict):
    """Lines in the order of time; *tokens* continue after them."""

    lines: list[LogLine]
    tokens: dict[str, str]
    instances: int


def job_log(
    aws: Clients, kind: str, job: str, tokens: Mapping[str, str], lines: int = LINES
) -> LogPage:
    """Return the end of a job's log, or the lines after *tokens* of an earlier page.

    A job that has not written yet has no lines. Of a job on many instances, the first four are
    read.

    :param kind: The noun of a kind of job, such as TrainingJob.
    """
    if kind not in GROUPS:
        raise InvalidInputError(f"{kind!r} is no kind of job. Use one of {', '.join(GROUPS)}.")
    if wrong := next((name for name in tokens if not name.startswith(f"{job}/")), None):
        raise InvalidInputError(f"Stream {wrong!r} is not of job {job}. Reload the page.")
    logs, group = aws.client("logs"), GROUPS[kind]
    streams = list(tokens) or _streams(logs, group, job)
    read: list[LogLine] = []
    following: dict[str, str] = {}
    for stream in streams[:MOST_INSTANCES]:
        token = tokens.get(stream)
        place = {"nextToken": token} if token else {"startFromHead": False}
        page = logs.get_log_events(logGroupName=group, logStreamName=stream, limit=lines, **place)
        following[stream] = page["nextForwardToken"]
        read += [
            {"at": event["timestamp"], "text": event["message"].rstrip()}
            for event in page["events"]
        ]
    read.sort(key=lambda line: line["at"])
    return {"lines": read, "tokens": following, "instances": len(streams)}


def _streams(logs: Any, group: str, job: str) -> list[str]:
    """Return the streams of the job's instances; empty before the first has written."""
    from botocore.exceptions import ClientError

    try:
        page = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{job}/")
    except ClientError as error:
        if is_absent(error):
            return []
        raise
    return [stream["logStreamName"] for stream in page["logStreams"]]
