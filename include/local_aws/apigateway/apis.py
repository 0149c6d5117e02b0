"""The documents of REST APIs: one for each API, which a deployment copies."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable, Mapping
from typing import Any

from ..core.account import Aws
from ..core.store import Doc, Missing
from ..wire.errors import AwsError
from .deployed import Deployed
from .errors import bad_request, not_found

KIND = "rest-api"
ALPHABET = string.ascii_lowercase + string.digits
METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
PAGE, MOST = 25, 500


def new_id(length: int = 10) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def rest_api(aws: Aws, request: Doc) -> Doc:
    """Return the API that a request names by restApiId; raise AwsError."""
    doc = aws.store.get(KIND, request["restApiId"])
    if doc is None:
        place = f"{aws.account}:{request['restApiId']}"
        raise not_found(f"Invalid API identifier specified {place}")
    return doc


def save(aws: Aws, api: Doc) -> None:
    """Store a changed API."""
    aws.store.update(KIND, api["id"], **api)


def resource_of(api: Doc, request: Doc) -> Doc:
    """Return the resource that a request names by resourceId; raise AwsError."""
    resource: Doc | None = api["resources"].get(request["resourceId"])
    if resource is None:
        raise not_found("Invalid Resource identifier specified")
    return resource


def method_of(api: Doc, request: Doc) -> Doc:
    """Return the method that a request names by resourceId and httpMethod; raise AwsError."""
    method: Doc | None = resource_of(api, request)["methods"].get(request["httpMethod"])
    if method is None:
        raise not_found("Invalid Method identifier specified")
    return method


def member_of(known: Mapping[str, Any], name: str, what: str) -> Doc:
    """Return one of *known*; raise AwsError with what kind of identifier *name* is."""
    if name not in known:
        raise not_found(f"Invalid {what} specified")
    document: Doc = known[name]
    return document


def forget(aws: Aws, api: str) -> None:
    """Have the stages of an API read again at their next request."""
    aws.part(Deployed).forget(api)


def arn(aws: Aws, path: str) -> str:
    """Return the ARN of what has *path*, which names no account."""
    return f"arn:aws:apigateway:{aws.region}::{path}"


def tags(aws: Aws, path: str) -> dict[str, str]:
    """Return the tags of what has *path*."""
    return {tag["Key"]: tag["Value"] for tag in aws.store.tags(arn(aws, path))}


def put_tags(aws: Aws, path: str, given: Mapping[str, str] | None) -> None:
    pairs = (given or {}).items()
    aws.store.put_tags(arn(aws, path), [{"Key": key, "Value": value} for key, value in pairs])


def page(items: Iterable[Doc], request: Doc) -> Doc:
    """Return a page of *items*, from the request's position on."""
    known = list(items)
    limit = request.get("limit") or PAGE
    if not 1 <= limit <= MOST:
        raise bad_request(f"limit is {limit}. Give 1 to {MOST}.")
    start = _position(request.get("position"))
    end = start + limit
    return {"items": known[start:end], "position": str(end) if end < len(known) else None}


def _position(text: str | None) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise bad_request(f"Invalid position {text!r}. Use that of the previous response.")
    return int(text or 0)


def get(aws: Aws, kind: str, name: str, error: AwsError) -> Doc:
    """Return a document; raise *error* if it does not exist."""
    doc = aws.store.get(kind, name)
    if doc is None:
        raise error
    return doc


def delete(aws: Aws, kind: str, name: str, error: AwsError) -> None:
    """Delete a document; raise *error* if it does not exist."""
    try:
        aws.store.delete(kind, name)
    except Missing:
        raise error from None
