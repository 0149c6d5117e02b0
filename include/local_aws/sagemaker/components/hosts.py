"""The instances that host components: placement, and managed scaling of their number."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ...core.store import Doc
from ...core.supervision import Tasks
from ..endpoints import hosting, states
from ..endpoints.fleet import Fleet
from ..runtime.placement import Placement

if TYPE_CHECKING:
    from ...core.account import Aws
    from ..runtime.deployments import Variant

POLL = 0.05  # seconds
IDLE_SECONDS = 600.0  # AWS does not state after which time an instance without copies is released


class Hosts:
    """The placements of all endpoints that host components."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._fleet = aws.part(Fleet)
        self._placements: dict[str, Placement] = {}
        self._releases = Tasks("The release of instances")

    def placement(self, endpoint: str) -> Placement:
        """Return the placement on the instances of *endpoint*."""
        if endpoint not in self._placements:
            self._placements[endpoint] = Placement(
                lambda: hosting.capacity(self._variant(endpoint).spec),
                lambda: self._ids(endpoint),
                lambda: self._grow(endpoint),
            )
        return self._placements[endpoint]

    async def started(self, endpoint: str) -> None:
        """Wait until the instances of *endpoint* have started, which a restart interrupts."""
        while len(self._ids(endpoint)) < self._spec(endpoint)["DesiredInstanceCount"]:
            await asyncio.sleep(POLL)

    async def stop(self) -> None:
        await self._releases.stop()

    def release_later(self, endpoint: str) -> None:
        """Release the instances that will have been without a copy for some minutes."""
        self._releases.begin(self._release(endpoint))

    async def _release(self, endpoint: str) -> None:
        placement = self._placements.get(endpoint)
        before = set(placement.idle()) if placement else set()
        await asyncio.sleep(self._aws.clock.real(IDLE_SECONDS))
        if placement is None or endpoint not in self._fleet.live:
            return
        idle = before & set(placement.idle())
        scaling = hosting.bounds(self._spec(endpoint))
        variant = self._variant(endpoint)
        surplus = len(variant.instances) - scaling[0] if scaling else 0
        if idle and surplus > 0 and self._is_in_service(endpoint):
            variant.instances.sort(key=lambda instance: instance.id in idle)
            await self._resize(endpoint, len(variant.instances) - min(surplus, len(idle)))

    async def _grow(self, endpoint: str) -> bool:
        """Add an instance if managed scaling allows it."""
        scaling = hosting.bounds(self._spec(endpoint))
        count = len(self._variant(endpoint).instances)
        if scaling is None or count >= scaling[1] or not self._is_in_service(endpoint):
            return False
        await self._resize(endpoint, count + 1)
        return True

    async def _resize(self, endpoint: str, count: int) -> None:
        await self._variant(endpoint).resize(count)
        doc = self._endpoint(endpoint)
        doc["Deployment"]["Variants"][0]["DesiredInstanceCount"] = count
        self._aws.store.update(states.KIND, endpoint, Deployment=doc["Deployment"])

    def _ids(self, endpoint: str) -> list[str]:
        return [instance.id for instance in self._variant(endpoint).ready()]

    def _variant(self, endpoint: str) -> Variant:
        (variant,) = self._fleet.live[endpoint].present.variants.values()
        return variant

    def _is_in_service(self, endpoint: str) -> bool:
        return bool(self._endpoint(endpoint)["EndpointStatus"] == "InService")

    def _spec(self, endpoint: str) -> Doc:
        spec: Doc = self._endpoint(endpoint)["Deployment"]["Variants"][0]
        return spec

    def _endpoint(self, name: str) -> Doc:
        return self._aws.store.get(states.KIND, name) or {}
