"""What serves an endpoint at one moment: the variants of one configuration and their instances."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING, Any

from include.local_aws.serving.capture import CapturePlan
from include.local_aws.serving.instances import Instance

if TYPE_CHECKING:
    from include.local_aws.context import Aws

READY_POLL = 0.02


class Variant:
    """One model on some instances, with its share of the traffic."""

    def __init__(self, aws: Aws, endpoint: str, spec: dict[str, Any]) -> None:
        self._aws = aws
        self._endpoint = endpoint
        self.spec = spec
        self.name: str = spec["VariantName"]
        self.weight: float = spec["DesiredWeight"]
        self.instances: list[Instance] = []
        self._changing = asyncio.Lock()

    def ready(self) -> list[Instance]:
        return [instance for instance in self.instances if instance.pool is not None]

    async def take(self) -> Instance:
        """The least busy instance, reserved; waits for one when all are coming up."""
        while not (ready := self.ready()):
            await asyncio.sleep(READY_POLL)
        return min(ready, key=lambda instance: instance.load).take()

    async def resize(self, count: int) -> None:
        """Have *count* instances: new ones join when they are healthy, surplus ones drain."""
        async with self._changing:
            missing = count - len(self.instances)
            if missing > 0:
                await self._grow(missing)
        surplus = self.instances[count:]
        del self.instances[count:]
        await asyncio.gather(*(instance.drain() for instance in surplus))

    async def _grow(self, missing: int) -> None:
        fresh = [Instance(self._aws, self._endpoint, self.spec) for _ in range(missing)]
        outcomes = await asyncio.gather(*(i.start() for i in fresh), return_exceptions=True)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failures:
            started = [i for i, outcome in zip(fresh, outcomes, strict=True) if outcome is None]
            await asyncio.gather(*(instance.stop() for instance in started))
            raise failures[0]
        self.instances.extend(fresh)

    async def stop(self, drain: bool) -> None:
        going, self.instances = self.instances, []
        await asyncio.gather(*(i.drain() if drain else i.stop() for i in going))


class Deployment:
    """All variants of one configuration; built whole before it takes any traffic."""

    def __init__(self, aws: Aws, endpoint: str, doc: dict[str, Any]) -> None:
        self.doc = doc
        self.capture = CapturePlan.of(doc.get("DataCapture"))
        self.variants = {
            spec["VariantName"]: Variant(aws, endpoint, spec) for spec in doc["Variants"]
        }

    async def start(self) -> None:
        """Bring every instance up, or none and raise with the reason."""
        grown = (v.resize(v.spec["DesiredInstanceCount"]) for v in self.variants.values())
        outcomes = await asyncio.gather(*grown, return_exceptions=True)
        failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if failures:
            await self.stop(drain=False)
            raise failures[0]

    async def stop(self, *, drain: bool = True) -> None:
        await asyncio.gather(*(variant.stop(drain) for variant in self.variants.values()))

    def choose(self) -> Variant:
        """A variant by its weight."""
        variants = list(self.variants.values())
        if len(variants) == 1:
            return variants[0]
        weights = [variant.weight for variant in variants]
        return random.choices(variants, weights if any(weights) else None)[0]
