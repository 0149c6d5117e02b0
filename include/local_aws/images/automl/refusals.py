"""Answer a request with an error: the scikit-learn image runs a callable result as WSGI."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

CSV = "text/csv"  # of requests and of answers
Application = Callable[[dict[str, Any], Callable[..., Any]], list[bytes]]


def refusal(status: HTTPStatus, reason: object) -> Application:
    """Return the WSGI application of a refused request."""

    def answer(_: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        start(f"{status.value} {status.phrase}", [("Content-Type", "text/plain")])
        return [str(reason).encode()]

    return answer


def wrong_type(content_type: str) -> Application | None:
    """Return the refusal of a request that is not CSV; None if it is."""
    if content_type.partition(";")[0].strip() == CSV:
        return None
    reason = f"Content type {content_type!r} is not supported. Use {CSV}."
    return refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, reason)
