"""Shadow variants: they get copies of requests, and nobody waits for what they answer."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from .connections import ConnectionLostError
from .headers import forwarded

if TYPE_CHECKING:
    from .deployments import Variant
    from .observations import Observations

log = logging.getLogger(__name__)
MOST_COPIES = 256  # in flight; a shadow that cannot keep up misses requests, and slows nobody
COPY_SECONDS = 60.0


class Shadows:
    """Sends the copies; what comes back is counted and captured."""

    def __init__(self, observations: Observations) -> None:
        self._observations = observations
        self._copies: set[asyncio.Task[None]] = set()

    def copy(
        self, endpoint: str, variant: Variant, headers: dict[bytes, bytes], body: bytes
    ) -> None:
        """Give a request that *variant* got to its shadows, as often as their weights say."""
        for shadow in variant.deployment.mirrors(variant):
            if len(self._copies) >= MOST_COPIES:
                log.warning("Shadow %s of %s misses a request: too slow.", shadow.name, endpoint)
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
                response = await shadow.ask(forwarded(headers), body)
        except (TimeoutError, ConnectionLostError):
            return
        if response is not None:
            seconds = time.perf_counter() - began
            request = (headers, body)
            self._observations.record(endpoint, shadow, request, response, seconds, 0.0)
