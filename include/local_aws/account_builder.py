"""Assemble the parts of an account, and start and stop them in order."""

from __future__ import annotations

from typing import Protocol

from .apigateway.deployed import Deployed
from .apigateway.execution.admission import Throttles
from .apigateway.usage import Usage
from .autoscaling.autoscaler import Autoscaler
from .cloudwatch.logs import Logs
from .cloudwatch.metric_filters import MetricFilters
from .cloudwatch.metrics import Metrics
from .containers.environments import Environments
from .core.account import Aws, client
from .core.clock import Clock
from .core.options import Options
from .core.role_credentials import RoleCredentials, Unchecked
from .core.store import Store
from .faults.book import Faults
from .sagemaker.components.live import Components
from .sagemaker.components.scaling import scale
from .sagemaker.endpoints.fleet import Fleet
from .sagemaker.jobs.runner import JobRunner
from .sagemaker.monitoring.scheduler import MonitoringScheduler
from .sagemaker.pipelines.runner import PipelineRunner


class Started(Protocol):
    """A part that runs tasks or processes."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...


STARTED: tuple[type[Started], ...] = (
    *(JobRunner, Fleet, Components, Autoscaler, MonitoringScheduler),
    PipelineRunner,  # after the jobs, which it follows
)


def build(
    options: Options,
    clock: Clock | None = None,
    *,
    account: str = "",
    region: str = "",
    faults: Faults | None = None,
    environments: Environments | None = None,
    credentials: RoleCredentials | None = None,
) -> Aws:
    """Assemble an account in one region, by default those of *options*; its state is on disk.

    Accounts of one server share its clock, faults and environments.
    """
    account, region = account or options.account, region or options.region
    directory = options.directory(account, region)
    directory.mkdir(parents=True, exist_ok=True)
    store = Store(directory / "state.sqlite")
    credentials = credentials or Unchecked()
    s3 = client(options, credentials.of_account(account), region, "s3")
    clock = clock or Clock(options.time_scale)
    aws = Aws(options, clock, store, s3, faults or Faults(), account, region, credentials)
    aws.add(environments or Environments(options.cache_dir))
    logs = aws.add(Logs(store, clock))
    metrics = aws.add(Metrics(store))
    aws.add(MetricFilters(store, logs, metrics))
    aws.add(JobRunner(aws))
    fleet = aws.add(Fleet(aws))
    aws.add(fleet.gateway)
    aws.add(Components(aws))
    aws.add(Deployed(aws))
    aws.add(Throttles())
    aws.add(Usage(store, clock))
    aws.add(Autoscaler(aws, scale, fleet.flush_metrics))
    aws.add(MonitoringScheduler(aws))
    aws.add(PipelineRunner(aws))
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
