"""Assemble the parts of an account, and start and stop them in order."""

from __future__ import annotations

from typing import Protocol

from include.local_aws.clock import Clock
from include.local_aws.containers.environments import Environments
from include.local_aws.context import Aws, client
from include.local_aws.jobs.runner import JobRunner
from include.local_aws.logs import Logs
from include.local_aws.monitoring.scheduler import MonitoringScheduler
from include.local_aws.options import Options
from include.local_aws.scaling.autoscaler import Autoscaler
from include.local_aws.scaling.metrics import Metrics
from include.local_aws.services import endpoints
from include.local_aws.serving.fleet import Fleet
from include.local_aws.store import Store


class Started(Protocol):
    """A part that runs tasks or processes."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


STARTED: tuple[type[Started], ...] = (JobRunner, Fleet, Autoscaler, MonitoringScheduler)


def build(options: Options, clock: Clock | None = None) -> Aws:
    """Assemble an account whose state is in *options.data_dir*."""
    options.data_dir.mkdir(parents=True, exist_ok=True)
    store = Store(options.data_dir / "state.sqlite")
    aws = Aws(options, clock or Clock(options.time_scale), store, client(options, "s3"))
    aws.add(Environments(options.cache_dir))
    aws.add(Logs(store))
    aws.add(Metrics(store))
    aws.add(JobRunner(aws))
    fleet = aws.add(Fleet(aws))
    aws.add(Autoscaler(aws, endpoints.resize, fleet.flush_metrics))
    aws.add(MonitoringScheduler(aws))
    return aws


async def start(aws: Aws) -> None:
    """Resume the work that a crash or a restart interrupted."""
    for kind in STARTED:
        await aws.part(kind).start()


async def stop(aws: Aws) -> None:
    """Stop every process and task of the account."""
    for kind in reversed(STARTED):
        await aws.part(kind).stop()
    aws.store.close()
