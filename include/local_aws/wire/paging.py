"""Filter, sort and page lists as AWS's List operations do."""

from __future__ import annotations

import base64
from typing import Any

from . import model
from .document import Doc
from .errors import validation

TIME_FILTERS = {
    "CreationTimeAfter": ("CreationTime", 1),
    "CreationTimeBefore": ("CreationTime", -1),
    "LastModifiedTimeAfter": ("LastModifiedTime", 1),
    "LastModifiedTimeBefore": ("LastModifiedTime", -1),
    "CreatedAfter": ("CreationTime", 1),
    "CreatedBefore": ("CreationTime", -1),
}


def filtered(
    docs: list[Doc], request: Doc, name: str, status: str | None, equal: tuple[str, ...] = ()
) -> list[Doc]:
    """Apply NameContains, StatusEquals, the time bounds and the *equal* members of a List."""
    if contains := request.get("NameContains"):
        docs = [doc for doc in docs if contains.lower() in doc[name].lower()]
    if status and (wanted := request.get("StatusEquals")):
        docs = [doc for doc in docs if doc.get(status) == wanted]
    for member in equal:
        if (value := request.get(member)) is not None:
            docs = [doc for doc in docs if doc.get(member) == value]
    for parameter, (member, sign) in TIME_FILTERS.items():
        if (bound := request.get(parameter)) is not None:
            docs = [doc for doc in docs if sign * (doc.get(member, 0) - bound) > 0]
    return docs


def ordered(docs: list[Doc], request: Doc, keys: dict[str, str]) -> list[Doc]:
    """Sort by SortBy (default: creation time) and SortOrder (default: newest first).

    *keys* maps the values of SortBy, such as Name and Status, to members.
    """
    by: str = request.get("SortBy", "CreationTime")
    member = keys.get(by, by)
    reverse = request.get("SortOrder", "Descending") == "Descending"
    return sorted(docs, key=lambda doc: _sortable(doc.get(member)), reverse=reverse)


def page(docs: list[Doc], request: Doc, default: int = 100) -> tuple[list[Doc], str | None]:
    """Return one page of *docs* and the token of the next page."""
    start = _offset(request.get("NextToken"))
    size = int(request.get("MaxResults", default))
    following = start + size
    return docs[start:following], _token(following) if following < len(docs) else None


def reach(request: Doc, default: int = 100) -> int:
    """Return how many documents decide about a page: those until its end, and one more."""
    return _offset(request.get("NextToken")) + int(request.get("MaxResults", default)) + 1


def listed(
    operation: str, docs: list[Doc], request: Doc, keys: dict[str, str]
) -> tuple[list[Doc], str | None]:
    """Sort and page *docs* with the defaults of SageMaker's *operation*."""
    with_defaults = model.listing_defaults("sagemaker", operation) | request
    return page(ordered(docs, with_defaults, keys), with_defaults)


def _sortable(value: Any) -> tuple[float, str]:
    return (value, "") if isinstance(value, int | float) else (0.0, str(value or ""))


def _token(offset: int) -> str:
    return base64.urlsafe_b64encode(f"offset:{offset}".encode()).decode()


def _offset(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode().removeprefix("offset:"))
    except ValueError:
        raise validation(
            f"Invalid NextToken: {token}. Use the NextToken of the previous response."
        ) from None
