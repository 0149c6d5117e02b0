"""Publish how much CPU and memory the containers of a training job use."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from ...cloudwatch.metrics import Metrics, Point, Summary
from ...containers.container import Container
from ...containers.instance_types import process_memory
from ...containers.process_use import by_parent, used
from ..jobs.runner import Job

NAMESPACE = "/aws/sagemaker/TrainingJobs"
MINUTE = 60.0
OFTENEST = 5.0  # seconds between two measurements, at any time scale


async def publish_usage(job: Job, containers: Mapping[str, Container]) -> None:
    """Publish CPUUtilization (100 per core) and MemoryUtilization of each host, without end."""
    memory = process_memory(job.doc["ResourceConfig"].get("InstanceType"))
    spent: dict[str, tuple[float, float]] = {}
    while True:
        for host, (seconds, resident) in (await asyncio.to_thread(_measure, containers)).items():
            now = time.monotonic()
            if job.may_publish and host in spent:
                then, before = spent[host]
                percent = 100 * max(0.0, seconds - before) / (now - then)
                points = {"CPUUtilization": percent, "MemoryUtilization": 100 * resident / memory}
                job.aws.part(Metrics).put_points(
                    [_point(job, host, *point) for point in points.items()]
                )
            spent[host] = (now, seconds)
        await asyncio.sleep(max(OFTENEST, job.aws.clock.real(MINUTE)))


def _measure(containers: Mapping[str, Container]) -> dict[str, tuple[float, float]]:
    children = by_parent(container.pid for container in containers.values())
    return {host: used([one.pid], children) for host, one in containers.items()}


def _point(job: Job, host: str, metric: str, percent: float) -> Point:
    summary = Summary()
    summary.add(percent)
    place = {"Host": f"{job.name}/{host}"}
    return Point(NAMESPACE, metric, place, job.aws.clock.now(), summary, "Percent")
