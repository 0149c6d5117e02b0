"""Log events: written in batches, read page by page, searched by patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from . import log_batches
from .log_resources import (
    SERVICE,
    event_id,
    group_of,
    invalid,
    pattern_of,
    position_of,
    stream_of,
    token,
)
from .logs import LAST, Event, Logs, Position

MOST = 10_000  # events of one response
PAGE_BYTES = 1 << 20
FIRST: Position = (-1, 0)


@operation(SERVICE, "PutLogEvents")
def put_log_events(aws: Aws, request: Doc) -> Doc:
    group = group_of(aws, request)
    stream = stream_of(aws, group, request["logStreamName"])
    logs = aws.part(Logs)
    lines = [(int(event["timestamp"]), event["message"]) for event in request["logEvents"]]
    log_batches.check(lines)
    accepted, rejected = log_batches.accepted(lines, logs.now, logs.kept_since(group))
    if accepted:
        logs.put_events(group, stream, accepted)
    return {"nextSequenceToken": "0", "rejectedLogEventsInfo": rejected or None}


@operation(SERVICE, "GetLogEvents")
def get_log_events(aws: Aws, request: Doc) -> Doc:
    """Return one page; at the end, return the token of the request again, as on AWS."""
    group = group_of(aws, request)
    stream = stream_of(aws, group, request["logStreamName"])
    direction = "f" if request.get("startFromHead") else "b"
    after, before = FIRST, LAST
    if given := request.get("nextToken"):
        direction, position = position_of(given)
        after, before = (position, LAST) if direction == "f" else (FIRST, position)
    backward = direction == "b"
    after, before = _narrowed(after, before, request.get("startTime"), request.get("endTime"))
    stream_events = aws.part(Logs).events(
        group, [stream], after=after, before=before, newest_first=backward
    )
    events, _ = _page(stream_events, request, lambda event: True)
    if backward:
        events.reverse()
    first, last = _edges(events, request.get("nextToken"))
    return {
        "events": [_described(event) for event in events],
        "nextForwardToken": token("f", last),
        "nextBackwardToken": token("b", first),
    }


def _edges(events: list[Event], given: str | None) -> tuple[Position, Position]:
    """Return the positions of the pages before and after *events*."""
    if events:
        return events[0].position, events[-1].position
    direction, (at, number) = position_of(given) if given else ("f", (0, 0))
    if direction == "f":
        return (at, number + 1), (at, number)
    return (at, number), (at, max(0, number - 1))


@operation(SERVICE, "FilterLogEvents")
def filter_log_events(aws: Aws, request: Doc) -> Doc:
    group = group_of(aws, request)
    streams = _streams(aws, group, request)
    pattern = pattern_of(request.get("filterPattern", ""))
    after = position_of(request["nextToken"])[1] if "nextToken" in request else FIRST
    end = request.get("endTime")  # inclusive, unlike endTime of GetLogEvents
    inclusive = None if end is None else min(end + 1, LAST[0])
    after, before = _narrowed(after, LAST, request.get("startTime"), inclusive)
    candidates = aws.part(Logs).events(group, streams, after=after, before=before)
    matches = lambda event: pattern.match(event.message) is not None  # noqa: E731
    events, more = _page(candidates, request, matches)
    return {
        "events": [_described(event) for event in events],
        "nextToken": token("f", events[-1].position) if more else None,
        "searchedLogStreams": [],
    }


def _streams(aws: Aws, group: str, request: Doc) -> list[str] | None:
    names, prefix = request.get("logStreamNames"), request.get("logStreamNamePrefix")
    if names and prefix:
        raise invalid("logStreamNames and logStreamNamePrefix are mutually exclusive.")
    if names:
        return [stream_of(aws, group, name) for name in names]
    if prefix:
        return [stream.name for stream in aws.part(Logs).streams(group, prefix)]
    return None


def _narrowed(
    after: Position, before: Position, start: int | None, end: int | None
) -> tuple[Position, Position]:
    """Return the bounds, limited to events at *start* or later and before *end*."""
    after = max(after, (int(start), -1)) if start is not None else after
    before = min(before, (int(end), -1)) if end is not None else before
    return after, before


def _page(
    candidates: Iterable[Event], request: Doc, matches: Callable[[Event], bool]
) -> tuple[list[Event], bool]:
    """Return the events of one response, limited in number and size, and whether there are more."""
    limit, size = request.get("limit", MOST), 0
    events: list[Event] = []
    for event in _matching(candidates, matches):
        size += log_batches.size(event.message)
        if len(events) == limit or (events and size > PAGE_BYTES):
            return events, True
        events.append(event)
    return events, False


def _matching(candidates: Iterable[Event], matches: Callable[[Event], bool]) -> Iterator[Event]:
    return (event for event in candidates if matches(event))


def _described(event: Event) -> Doc:
    return {
        "eventId": event_id(event.position),
        "logStreamName": event.stream,
        "timestamp": event.at,
        "ingestionTime": event.ingested,
        "message": event.message,
    }
