"""Inference components in service: copies of a model on the instances of an endpoint."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from ...containers.instance_types import Resources
from ...wire.errors import AwsError
from .deployments import Deployment, Variant
from .instances import Instance
from .placement import SPREAD, Placement

if TYPE_CHECKING:
    from ...core.account import Aws

NO_CAPACITY = (
    "Inference Component has no capacity to process this request. ApplicationAutoScaling may be "
    "in-progress (if configured) or try to increase the capacity by invoking "
    "UpdateInferenceComponentRuntimeConfig API."
)


class Copy(Instance):
    """One copy of a component's model; it runs on the instance that has a place for it."""

    def __init__(self, aws: Aws, endpoint: str, spec: dict[str, Any], placement: Placement) -> None:
        super().__init__(aws, endpoint, spec)
        self._needs = needs_of(spec["Requirements"])
        self._strategy: str = spec.get("PlacementStrategy", SPREAD)
        self._placement = placement

    async def start(self) -> None:
        await self._placement.take(self.id, self._needs, self._strategy)
        try:
            await super().start()
        except BaseException:
            self._placement.release(self.id)
            raise

    async def stop(self) -> None:
        await super().stop()
        self._placement.release(self.id)


class Copies(Variant):
    """All copies of one version of a component."""

    def __init__(
        self,
        aws: Aws,
        endpoint: str,
        spec: dict[str, Any],
        deployment: Deployment,
        placement: Placement,
    ) -> None:
        super().__init__(aws, endpoint, spec, deployment)
        self._placement = placement

    def capacity(self) -> Resources:
        """Return what each instance has for copies."""
        return self._placement.capacity

    def _new_instance(self) -> Instance:
        return Copy(self._aws, self._endpoint, self.spec, self._placement)


class Component:
    """One inference component: its copies and, during an update, those of the next version."""

    def __init__(self, name: str, endpoint: str, present: Copies) -> None:
        self.name = name
        self.endpoint = endpoint
        self.present = present
        self._successor: Copies | None = None
        self._share = 0.0

    def choose(self) -> Variant:
        """Return the version that answers the next request.

        :raises AwsError: The component has no copy in service.
        """
        if self._successor is not None and random.random() < self._share:
            preferred: tuple[Copies, ...] = (self._successor, self.present)
        else:
            preferred = tuple(self.versions())
        for copies in preferred:
            if copies.instances:
                return copies
        raise NoCapacityError

    def split(self, successor: Copies, share: float) -> None:
        """Give *successor* its share, from 0 to 1, of the requests."""
        self._successor, self._share = successor, share

    def settle(self, copies: Copies) -> None:
        """Give *copies* all requests."""
        self.present, self._successor = copies, None

    def versions(self) -> list[Copies]:
        return [self.present, *([self._successor] if self._successor else [])]

    def count(self) -> int:
        """Return the number of copies that answer requests."""
        return sum(len(copies.ready()) for copies in self.versions())


class NoCapacityError(AwsError):
    """No copy is in service; the client gets AWS's error."""

    def __init__(self) -> None:
        super().__init__("ValidationError", NO_CAPACITY)


def needs_of(requirements: dict[str, Any]) -> Resources:
    """Return the resources that ComputeResourceRequirements reserve for each copy."""
    return Resources(
        float(requirements.get("NumberOfCpuCoresRequired", 0)),
        float(requirements["MinMemoryRequiredInMb"]),
        float(requirements.get("NumberOfAcceleratorDevicesRequired", 0)),
    )
