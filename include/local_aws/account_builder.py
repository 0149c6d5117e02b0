"""Assemble the parts of an account, and start and stop them in order."""

from __future__ import annotations

from typing import Protocol

from .autoscaling.autoscaler import Autoscaler
from .cloudwatch.logs import Logs
from .cloudwatch.metrics import Metrics
from .containers.environments import Environments
from .core.account import Aws, client
from .core.clock import Clock
from .core.options import Options
from .core.store import Store
from .sagemaker.endpoints import api as endpoints_api
from .sagemaker.endpoints.fleet import Fleet
from .sagemaker.jobs.runner import JobRunner
from .sagemaker.monitoring.scheduler import MonitoringScheduler


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
    aws.add(Autoscaler(aws, endpoints_api.resize, fleet.flush_metrics))
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
