"""Answer a page's request by a function that reads through boto3 clients."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from fastapi import HTTPException
from fastapi.responses import JSONResponse, Response

from prodml.aws.client import Clients
from prodml.exceptions import InvalidInputError, MissingObjectError
from prodml.studio.reader import MINUTE, KeepingClients, Reader, reader
from prodml.studio.settings import deployment, root
from prodml.studio.summaries.reading import OLDEST, YOUNG, summary_of
from prodml.ui.answers import Compressed, in_pool, kept, rendered

T = TypeVar("T")


async def answer_by(
    function: Callable[[Clients], T | None],
    keep: float = MINUTE,
    subject: str | None = None,
    address: str | None = None,
) -> Response:
    """Return as JSON what *function* reads, at most *keep* seconds old.

    What it refuses has the status 400, and None has 404; AWS's errors are those of `in_pool`.

    :param subject: The subject of a summary that is used instead while it is young; an older one
        is shown while AWS is read for the first time.
    :param address: That of a request whose last response may be shown while AWS is read.
    """

    def read(reader: Reader) -> T:
        result = function(KeepingClients(reader, keep))
        if result is None:
            raise HTTPException(404, "It does not exist any more.")
        return result

    def summary(most: timedelta) -> Compressed | None:
        return _summarized(subject, most) if subject else None

    def respond() -> Compressed:
        return summary(YOUNG) or rendered(read)

    def last() -> Compressed:
        return kept(address, respond, lambda: summary(OLDEST)) if address else respond()

    try:
        return await in_pool(last)
    except InvalidInputError as error:
        return _refusal(error, 400)
    except MissingObjectError as error:
        return _refusal(error, 404)


def _summarized(subject: str, most: timedelta) -> Compressed | None:
    summary = summary_of(reader(), root(), deployment(), subject, most)
    return Compressed(summary.content, summary.written_at) if summary else None


def _refusal(error: Exception, status: int) -> Response:
    """Return an error, whose last sentence says what to do."""
    sentences, _, remedy = str(error).rpartition(". ")
    return JSONResponse({"error": f"{sentences}.", "remedy": remedy}, status_code=status)
