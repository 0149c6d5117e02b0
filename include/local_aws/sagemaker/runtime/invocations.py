"""Invocation metrics: counted in memory on the hot path, written once per slot.

A slot is one minute of AWS time, so that a shortened minute has its own requests.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ...cloudwatch.metrics import Metrics, Point, Summary

if TYPE_CHECKING:
    from ...core.account import Aws

NAMESPACE = "AWS/SageMaker"
MINUTE = 60.0
Container = tuple[str, str, str]  # endpoint, variant, container
CONTAINER_DIMENSIONS = ("EndpointName", "VariantName", "ContainerName")


class Place(NamedTuple):
    """The model that answers requests: of a variant, or of an inference component on it."""

    endpoint: str
    variant: str
    config: str
    component: str = ""

    @property
    def per_unit(self) -> str:
        """Return the metric of the load of one instance, or of one copy of a component."""
        return "InvocationsPerCopy" if self.component else "InvocationsPerInstance"


@dataclass(slots=True)
class Slot:
    """The invocations of one variant in one minute."""

    metrics: dict[str, Summary] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        summary = self.metrics.get(name)
        if summary is None:
            summary = self.metrics[name] = Summary()
        summary.add(value)


class Recorder:
    """Collects the gateway's invocations and publishes them to CloudWatch."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._slots: dict[tuple[Place, int], Slot] = {}
        self._containers: dict[tuple[Container, int], Slot] = {}
        self._written: dict[Place, int] = {}

    @property
    def slot_seconds(self) -> float:
        return self._aws.clock.real(MINUTE)

    def record(
        self, place: Place, status: int, instances: int, model: float, overhead: float
    ) -> None:
        """Record one invocation; latencies are in seconds, CloudWatch has microseconds."""
        slot = self._slot(place, self._current())
        slot.add("Invocations", 1)
        slot.add(place.per_unit, 1 / max(instances, 1))
        slot.add("Invocation4XXErrors", 400 <= status < 500)
        slot.add("Invocation5XXErrors", status >= 500)
        slot.add("ModelLatency", round(model * 1e6))
        slot.add("OverheadLatency", round(overhead * 1e6))

    def record_setup(self, place: Place, metric: str, seconds: float) -> None:
        """Record how long a request waited for an instance or model to start; 0 if it was up."""
        slot = self._slot(place, self._current())
        slot.add(metric, round(seconds * 1e6))
        if metric == "ModelLoadingWaitTime":
            slot.add("ModelCacheHit", not seconds)

    def record_value(self, place: Place, metric: str, value: float) -> None:
        self._slot(place, self._current()).add(metric, value)

    def record_no_capacity(self, component: str) -> None:
        """Record a request to a component without a copy in service."""
        self.record_value(Place("", "", "", component), "NoCapacityInvocationFailures", 1)

    def record_containers(self, place: Place, seconds: Iterable[tuple[str, float]]) -> None:
        """Record the latency of each container of an inference pipeline that took part."""
        for name, latency in seconds:
            key = ((*place[:2], name), self._current())
            self._containers.setdefault(key, Slot()).add("ContainerLatency", round(latency * 1e6))

    def flush(self, serving: Iterable[Place]) -> None:
        """Publish the slots; a variant without traffic gets a zero for each whole slot."""
        current = self._current()
        for place in serving:
            if self._written.get(place, current) < current - 1:
                self._idle(place, current - 1)
            self._written.setdefault(place, current - 1)
        points = [
            point
            for (place, number), slot in self._slots.items()
            for dimensions in _dimensions(place)
            for point in self._points(slot, dimensions, number)
        ]
        for (container, number), slot in self._containers.items():
            dimensions = dict(zip(CONTAINER_DIMENSIONS, container, strict=True))
            points += self._points(slot, dimensions, number)
        for place, number in self._slots:
            self._written[place] = max(number, self._written.get(place, number))
        self._slots.clear()
        self._containers.clear()
        self._aws.part(Metrics).put_points(points)

    def forget(self, endpoint: str) -> None:
        for place in [place for place in self._written if place.endpoint == endpoint]:
            del self._written[place]

    def forget_component(self, name: str) -> None:
        for place in [place for place in self._written if place.component == name]:
            del self._written[place]

    def _points(self, slot: Slot, dimensions: dict[str, str], number: int) -> list[Point]:
        moment = number * self.slot_seconds
        return [
            Point(NAMESPACE, name, dimensions, moment, summary, _unit(name))
            for name, summary in slot.metrics.items()
        ]

    def _idle(self, place: Place, number: int) -> None:
        slot = self._slot(place, number)
        for name in ("Invocations", place.per_unit):
            slot.add(name, 0)

    def _slot(self, place: Place, number: int) -> Slot:
        slot = self._slots.get((place, number))
        if slot is None:
            slot = self._slots[place, number] = Slot()
        return slot

    def _current(self) -> int:
        return int(self._aws.clock.now() / self.slot_seconds)


def _dimensions(place: Place) -> tuple[dict[str, str], ...]:
    """Return the dimensions of the variant and of its fleet, which alarms of an update use.

    A component has one of its own: its metrics are not those of the variant.
    """
    if place.component:
        return ({"InferenceComponentName": place.component},)
    variant = {"EndpointName": place.endpoint, "VariantName": place.variant}
    return variant, variant | {"EndpointConfigName": place.config}


def _unit(name: str) -> str:
    return "Microseconds" if name.endswith(("Latency", "Time")) else "None"
