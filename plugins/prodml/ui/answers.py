"""Read AWS for a page in threads of its own, and answer with compressed JSON.

Rendering and compressing thousands of trials take longer than Airflow's event loop may be held, so
that they happen in the thread that reads.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from fastapi.responses import JSONResponse, Response

from prodml.aws.retries import patience
from prodml.studio.problems import problem_of
from prodml.studio.reader import Reader, oldest_read, reader
from prodml.ui.snapshots import Snapshots

TIMEOUT = 30.0  # seconds for all calls of one response
# A pool of their own: a slow AWS must not hold the threads in which Airflow serves its API.
POOL = ThreadPoolExecutor(8, thread_name_prefix="prodml-studio")
LEVEL = 5  # of compression: a higher one takes longer for little
RENEWED = "Studio-Renewed"


class Compressed(Response):
    """JSON that is compressed already, with the time at which its data were read.

    :param content: The JSON, compressed by gzip.
    :param read_at: The time of the oldest response of AWS in it.
    :param is_renewed: Whether newer data are being read, for which the page asks soon.
    """

    media_type = "application/json"

    def __init__(self, content: bytes, read_at: datetime, is_renewed: bool = False) -> None:
        super().__init__(content)
        self.content, self.read_at = content, read_at
        # As a browser's cache must ask each time, only the page reads this header.
        self.headers["Last-Modified"] = format_datetime(read_at.astimezone(UTC), usegmt=True)
        self.headers["Cache-Control"] = "no-store"
        if is_renewed:
            self.headers[RENEWED] = "true"

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"")
        if b"gzip" in accepted:
            self.headers["Content-Encoding"] = "gzip"
        else:
            self.body = gzip.decompress(bytes(self.body))
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


async def answer(read: Callable[[Reader], Any], address: str) -> Response:
    """Return as JSON what *read* reads from AWS; its problem with status 502 if AWS fails.

    :param address: That of the request, whose last response is shown while AWS is read.
    """
    return await in_pool(lambda: kept(address, lambda: rendered(read)))


def kept(
    address: str,
    read: Callable[[], Compressed],
    earlier: Callable[[], Compressed | None] = lambda: None,
) -> Compressed:
    """Return the response that *read* returns; the last one at *address* if that takes long.

    :param earlier: Returns the response to show if there was none since this process started.
    """
    last, is_renewed = _snapshots(reader()).response(address, read, earlier)
    return Compressed(last.content, last.read_at, is_renewed)


def last_document(address: str) -> Any:
    """Return what the last response to a request at *address* holds; None if there was none."""
    last = _snapshots(reader()).last(address)
    return None if last is None else json.loads(gzip.decompress(last.content))


@lru_cache(maxsize=4)
def _snapshots(reader: Reader) -> Snapshots[Compressed]:
    return Snapshots()


async def in_pool(respond: Callable[[], Response]) -> Response:
    """Return the response of *respond*, which reads AWS; its problem with 502 if AWS fails."""
    loop = asyncio.get_running_loop()
    try:
        reading = loop.run_in_executor(POOL, copy_context().run, _at_once, respond)
        return await asyncio.wait_for(reading, TIMEOUT)
    except Exception as error:
        if (problem := problem_of(error)) is None:
            raise
        return JSONResponse(problem, status_code=502)


def _at_once(respond: Callable[[], Response]) -> Response:
    """Read without waiting for an AWS that throttles: the page asks again by itself."""
    with patience(0):
        return respond()


def rendered(read: Callable[[Reader], Any]) -> Compressed:
    """Return what *read* reads from AWS, with the time of its oldest part."""
    with oldest_read() as oldest:
        data = read(reader())
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # A log or a captured request may hold half of a surrogate pair, which UTF-8 does not have.
    content = text.encode(errors="replace")
    return Compressed(gzip.compress(content, LEVEL, mtime=0), oldest.moment)
