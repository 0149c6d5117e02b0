"""The containers of one running instance: called in order, or one of them by its name."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

from .connections import ConnectionLostError, Header, Invocation, Pool, Response
from .errors import silent
from .headers import ACCEPT, CONTENT_TYPE

BETWEEN_LIMIT = 64 * 1024 * 1024  # bytes of a response that goes to the next container
PING_SECONDS = 2.0  # AWS's timeout of a health check


class Containers:
    """The connections to the containers of one instance, by name, in the model's order."""

    def __init__(self, urls: dict[str, str]) -> None:
        self._pools = {name: _pool(url) for name, url in urls.items()}

    async def post(self, invocation: Invocation) -> Response:
        """Return the response of the target, else of the last container of the pipeline.

        A response of another status than 2xx ends the pipeline and names its container.
        """
        if len(self._pools) == 1:
            (pool,) = self._pools.values()
            return await pool.post(invocation)
        if invocation.target is not None:
            return await self._call(invocation.target, invocation)
        return await self._in_order(invocation)

    async def _in_order(self, invocation: Invocation) -> Response:
        """Send the response of each container to the next one.

        Accept is the client's question to the last container. The others choose their form by
        SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT, and say it in Content-Type.
        """
        *first, last = self._pools
        seconds: tuple[tuple[str, float], ...] = ()
        accept = [header for header in invocation.headers if header[0] == ACCEPT]
        sent, body = [h for h in invocation.headers if h[0] != ACCEPT], invocation.body
        for name in first:
            response = await self._call(name, Invocation(sent, body, limit=BETWEEN_LIMIT))
            seconds += response.seconds
            if len(response.body) > BETWEEN_LIMIT:
                return silent(f"The response of {name} exceeded {BETWEEN_LIMIT} bytes.")
            if not response.is_success:
                return replace(response, seconds=seconds)
            sent, body = _passed_on(sent, response), response.body
        final = replace(invocation, headers=sent + accept, body=body)
        response = await self._call(last, final)
        return replace(response, seconds=seconds + response.seconds)

    async def _call(self, name: str, invocation: Invocation) -> Response:
        began = time.perf_counter()
        response = await self._pools[name].post(invocation)
        seconds = ((name, time.perf_counter() - began),)
        return replace(response, container=name, seconds=seconds)

    async def are_healthy(self) -> bool:
        """Return whether every container answers /ping with 200 in time."""
        with suppress(TimeoutError, OSError, ConnectionLostError):
            async with asyncio.timeout(PING_SECONDS):
                return all(await asyncio.gather(*(pool.ping() for pool in self._pools.values())))
        return False

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()


def _pool(url: str) -> Pool:
    address = urlsplit(url)
    return Pool(str(address.hostname), int(address.port or 80))


def _passed_on(headers: list[Header], response: Response) -> list[Header]:
    """Return the header fields for the next container: its content is the last response."""
    kept = [header for header in headers if header[0] != CONTENT_TYPE]
    return kept + [header for header in response.headers if header[0] == CONTENT_TYPE]
