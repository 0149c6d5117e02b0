"""Shadow variants: they get copies of requests, and no client waits for their responses."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from ...wire.errors import AwsError
from .connections import ConnectionLostError, Invocation
from .headers import forwarded
from .targets import target_of

if TYPE_CHECKING:
    from .deployments import Variant
    from .observations import Observations

log = logging.getLogger(__name__)
MOST_COPIES = 256  # in flight; a slow shadow misses requests instead of delaying others
COPY_SECONDS = 60.0


class Shadows:
    """Sends the copies; responses are counted and captured."""

    def __init__(self, observations: Observations) -> None:
        self._observations = observations
        self._copies: set[asyncio.Task[None]] = set()

    def copy(
        self, endpoint: str, variant: Variant, headers: dict[bytes, bytes], body: bytes
    ) -> None:
        """Send a copy of a request to the shadows of *variant*, by their weights."""
        for shadow in variant.deployment.mirrors(variant):
            if len(self._copies) >= MOST_COPIES:
                log.warning(
                    "Shadow %s of %s is too slow; skipping a request.", shadow.name, endpoint
                )
                continue
            task = asyncio.create_task(self._send(endpoint, shadow, headers, body))
            self._copies.add(task)
            task.add_done_callback(self._copies.discard)

    async def stop(self) -> None:
        for copy in self._copies:
            copy.cancel()
        await asyncio.gather(*self._copies, return_exceptions=True)

    async def _send(
        self, endpoint: str, shadow: Variant, headers: dict[bytes, bytes], body: bytes
    ) -> None:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(COPY_SECONDS):
                target = target_of(shadow, headers, endpoint)
                response = await shadow.ask(Invocation(forwarded(headers), body, target))
        except (TimeoutError, ConnectionLostError, AwsError):
            return
        if response is not None:
            seconds = time.perf_counter() - began
            request = (headers, body)
            self._observations.record(endpoint, shadow, request, response, seconds, 0.0)
