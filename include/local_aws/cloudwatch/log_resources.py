"""Names, ARNs, tokens and errors that the operations of CloudWatch Logs share."""

from __future__ import annotations

import re

from ..core.account import Aws
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError
from . import filter_patterns
from .filter_conditions import InvalidPatternError
from .logs import LAST, Logs, Position

SERVICE = "logs"
ARN = re.compile(r"arn:aws:logs:([^:]*):([^:]*):log-group:([^:]+)(:\*)?")
TOKEN = re.compile(r"([fb])/(\d{20})(\d{36})")


def invalid(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


def not_found(what: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"The specified {what} does not exist.")


def taken(what: str) -> AwsError:
    message = f"The specified {what} already exists"
    return AwsError("ResourceAlreadyExistsException", message)


def group_arn(aws: Aws, name: str) -> str:
    return aws.arn(f"log-group:{name}", SERVICE)


def group_of(aws: Aws, request: Doc) -> str:
    """Return the group that a request names, or identifies by its name or ARN."""
    name, identifier = request.get("logGroupName"), request.get("logGroupIdentifier")
    if (name is None) == (identifier is None):
        raise invalid("Exactly one of logGroupName and logGroupIdentifier must be specified.")
    group = name or identified(aws, str(identifier))
    if aws.part(Logs).group(group) is None:
        raise not_found("log group")
    return str(group)


def tagged_group(aws: Aws, arn: str) -> str:
    """Return the ARN under which a resource's tags are stored; refuse an unknown resource."""
    if not ARN.fullmatch(arn):
        raise invalid(f"Invalid resource ARN: {arn}. Use the ARN of a log group.")
    name = identified(aws, arn)
    if aws.part(Logs).group(name) is None:
        raise not_found("log group")
    return group_arn(aws, name)


def identified(aws: Aws, identifier: str) -> str:
    """Return the name of a group, given by name or ARN, whether or not it exists."""
    if not identifier.startswith("arn:"):
        return identifier
    match = ARN.fullmatch(identifier)
    if match is None:
        raise invalid(f"Invalid log group ARN: {identifier}.")
    of_ours = group_arn(aws, match[3]) == identifier.removesuffix(":*")
    return match[3] if of_ours else ""  # groups of other accounts or regions have no name here


def stream_of(aws: Aws, group: str, name: str) -> str:
    if not aws.part(Logs).has_stream(group, name):
        raise not_found("log stream")
    return name


def paged(docs: list[Doc], request: Doc) -> tuple[list[Doc], str | None]:
    """Return one page by `limit` and `nextToken`."""
    size = {"MaxResults": request.get("limit", 50), "NextToken": request.get("nextToken")}
    try:
        return paging.page(docs, size)
    except AwsError:
        raise invalid("The specified nextToken is invalid.") from None


def event_id(position: Position) -> str:
    """Return the id of the event at a position; ids have the order of events."""
    return f"{position[0]:020d}{position[1]:036d}"


def token(direction: str, position: Position) -> str:
    """Return a token for the events after *position* ("f") or before it ("b")."""
    return f"{direction}/{event_id(position)}"


def position_of(given: str) -> tuple[str, Position]:
    match = TOKEN.fullmatch(given)
    position = (int(match[2]), int(match[3])) if match else LAST
    if match is None or max(position) >= LAST[0]:
        raise invalid("The specified nextToken is invalid.")
    return match[1], position


def pattern_of(text: str) -> filter_patterns.Pattern:
    try:
        return filter_patterns.parse(text)
    except InvalidPatternError as error:
        raise invalid(f"Invalid filter pattern: {error}") from None
