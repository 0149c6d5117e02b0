"""Instance metrics: the CPU and memory that each variant's processes use."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...cloudwatch.metrics import Metrics, Point, Summary
from ...containers.confinement import MEMORY
from ...containers.process_use import by_parent, used

if TYPE_CHECKING:
    from ...core.account import Aws
    from ..runtime.traffic import Traffic

NAMESPACE = "/aws/sagemaker/Endpoints"
MINUTE = 60.0
Process = tuple[str, str]  # an instance, and a container of it or ""


class Usage:
    """Publishes CPUUtilization (100 per core) and MemoryUtilization (of the limit of a process).

    The containers of an inference pipeline have their own metrics, by ContainerName.
    """

    def __init__(self, aws: Aws, live: Mapping[str, Traffic]) -> None:
        self._aws = aws
        self._live = live
        self._spent: dict[Process, tuple[float, float]] = {}  # time, and CPU seconds at that time

    async def run(self) -> None:
        """Publish once per minute of AWS time, at most once per second, without end."""
        while True:
            await asyncio.sleep(max(1.0, self._aws.clock.real(MINUTE)))
            processes = dict(self._processes())
            self._aws.part(Metrics).put_points(await asyncio.to_thread(self._measure, processes))

    def _processes(self) -> Iterator[tuple[Process, tuple[dict[str, str], list[int]]]]:
        """Return the place and the processes of each instance, and of each of its containers."""
        for endpoint, traffic in self._live.items():
            for deployment in traffic.deployments():
                for variant in deployment.all.values():
                    place = {"EndpointName": endpoint, "VariantName": variant.name}
                    for instance in variant.instances:
                        pids = instance.pids
                        if pids:
                            yield (instance.id, ""), (place, list(pids.values()))
                        for name, pid in pids.items() if len(pids) > 1 else ():
                            yield (instance.id, name), (place | {"ContainerName": name}, [pid])

    def _measure(self, processes: dict[Process, tuple[dict[str, str], list[int]]]) -> list[Point]:
        points, spent = [], {}
        children = by_parent() if processes else {}
        for process, (place, pids) in processes.items():
            now, (seconds, resident) = time.monotonic(), used(pids, children)
            spent[process] = (now, seconds)
            memory = MEMORY * len(pids)
            points.append(self._point(place, "MemoryUtilization", 100 * resident / memory))
            if process in self._spent:
                then, before = self._spent[process]
                # A restarted process begins at zero.
                percent = 100 * max(0.0, seconds - before) / (now - then)
                points.append(self._point(place, "CPUUtilization", percent))
        self._spent = spent
        return points

    def _point(self, place: dict[str, str], metric: str, percent: float) -> Point:
        summary = Summary()
        summary.add(percent)
        return Point(NAMESPACE, metric, place, self._aws.clock.now(), summary, "Percent")
