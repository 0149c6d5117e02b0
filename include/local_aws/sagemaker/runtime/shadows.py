"""Shadow variants: they get copies of requests, and no client waits for their responses."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from ...core.supervision import Tasks
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
        self._copies = Tasks("A copy for a shadow")

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
            self._copies.begin(self._send(endpoint, shadow, headers, body))

    async def stop(self) -> None:
        await self._copies.stop()

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
