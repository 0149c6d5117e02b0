"""Instance metrics: the CPU and memory that each variant's processes use."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...cloudwatch.metrics import Metrics, Point, Summary
from ...containers.process_use import by_parent, used

if TYPE_CHECKING:
    from ...core.account import Aws
    from ..runtime.components import Component
    from ..runtime.instances import Instance
    from ..runtime.traffic import Traffic

NAMESPACE = "/aws/sagemaker/Endpoints"
COMPONENTS = "/aws/sagemaker/InferenceComponents"
MINUTE = 60.0
MEGABYTE = 1 << 20
Process = tuple[str, str]  # an instance, and a container of it or ""


@dataclass(frozen=True)
class Measured:
    """The processes that a metric is about, and what 100 % of each resource is.

    :param suffix: Of the metrics that are relative to the whole instance.
    """

    namespace: str
    place: dict[str, str]
    pids: list[int]
    memory: float
    cpus: float = 1.0
    suffix: str = ""


class Usage:
    """Publishes CPUUtilization (100 per core) and MemoryUtilization (of the limit of a process).

    The containers of an inference pipeline have their own metrics, by ContainerName. Those of
    inference components are relative to the whole instance.
    """

    def __init__(
        self, aws: Aws, live: Mapping[str, Traffic], components: Mapping[str, Component]
    ) -> None:
        self._aws = aws
        self._live = live
        self._components = components
        self._spent: dict[Process, tuple[float, float]] = {}  # time, and CPU seconds at that time

    async def run(self) -> None:
        """Publish once per minute of AWS time, at most once per second, without end."""
        while True:
            await asyncio.sleep(max(1.0, self._aws.clock.real(MINUTE)))
            processes = dict(self._processes())
            self._aws.part(Metrics).put_points(await asyncio.to_thread(self._measure, processes))

    def _processes(self) -> Iterator[tuple[Process, Measured]]:
        """Return the processes of each instance, of each of its containers, and of each copy."""
        for endpoint, traffic in self._live.items():
            for deployment in traffic.deployments():
                for variant in deployment.all.values():
                    place = {"EndpointName": endpoint, "VariantName": variant.name}
                    for instance in variant.instances:
                        yield from _of_instance(instance, place)
        for name, component in self._components.items():
            for copies in component.versions():
                whole = copies.capacity()
                for copy in copies.instances:
                    yield (
                        (copy.id, ""),
                        Measured(
                            COMPONENTS,
                            {"InferenceComponentName": name},
                            list(copy.pids.values()),
                            whole.memory * MEGABYTE,
                            whole.cpus,
                            "Normalized",
                        ),
                    )

    def _measure(self, processes: dict[Process, Measured]) -> list[Point]:
        points, spent = [], {}
        children = by_parent(pid for measured in processes.values() for pid in measured.pids)
        for process, measured in processes.items():
            now, (seconds, resident) = time.monotonic(), used(measured.pids, children)
            spent[process] = (now, seconds)
            points.append(self._point(measured, "Memory", 100 * resident / measured.memory))
            if process in self._spent:
                then, before = self._spent[process]
                # A restarted process begins at zero.
                percent = 100 * max(0.0, seconds - before) / (now - then) / measured.cpus
                points.append(self._point(measured, "CPU", percent))
        self._spent = spent
        return points

    def _point(self, measured: Measured, resource: str, percent: float) -> Point:
        summary = Summary()
        summary.add(percent)
        metric = f"{resource}Utilization{measured.suffix}"
        now = self._aws.clock.now()
        return Point(measured.namespace, metric, measured.place, now, summary, "Percent")


def _of_instance(instance: Instance, place: dict[str, str]) -> Iterator[tuple[Process, Measured]]:
    pids = instance.pids
    if pids:
        yield (instance.id, ""), Measured(NAMESPACE, place, list(pids.values()), instance.memory)
    for name, pid in pids.items() if len(pids) > 1 else ():
        container = place | {"ContainerName": name}
        yield (instance.id, name), Measured(NAMESPACE, container, [pid], instance.memory)
