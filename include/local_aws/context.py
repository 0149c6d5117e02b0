"""What an operation may use: one object, built once, handed to every handler."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from include.local_aws.clock import Clock
from include.local_aws.faults.book import Faults
from include.local_aws.logs import Logs
from include.local_aws.options import Options
from include.local_aws.store import Store

if TYPE_CHECKING:
    from include.local_aws.jobs.runner import JobRunner
    from include.local_aws.monitoring.scheduler import MonitoringScheduler
    from include.local_aws.scaling.autoscaler import Autoscaler
    from include.local_aws.scaling.metrics import Metrics
    from include.local_aws.serving.fleet import Fleet


@dataclass
class Aws:
    """The account: its options, clock, state, and the parts that do the work."""

    options: Options
    clock: Clock
    store: Store
    logs: Logs
    s3: Any
    faults: Faults = field(default_factory=Faults)
    metrics: Metrics = field(init=False)
    jobs: JobRunner = field(init=False)
    fleet: Fleet = field(init=False)
    autoscaler: Autoscaler = field(init=False)
    monitoring: MonitoringScheduler = field(init=False)

    def arn(self, resource: str, service: str = "sagemaker") -> str:
        """`training-job/a` becomes its full ARN."""
        return f"arn:aws:{service}:{self.options.region}:{self.options.account}:{resource}"

    def client(self, service: str) -> Any:
        """boto3's client of another service of this account."""
        return client(self.options, service)

    async def start(self) -> None:
        """Take up what ran before a crash or a restart."""
        await self.jobs.start()
        await self.fleet.start()
        await self.autoscaler.start()
        await self.monitoring.start()

    async def stop(self) -> None:
        """Leave no process behind."""
        await self.monitoring.stop()
        await self.autoscaler.stop()
        await self.fleet.stop()
        await self.jobs.stop()
        self.store.close()


def build(options: Options, clock: Clock | None = None) -> Aws:
    """Put an account together in *options.data_dir*."""
    from include.local_aws.jobs.runner import JobRunner
    from include.local_aws.monitoring.scheduler import MonitoringScheduler
    from include.local_aws.scaling.autoscaler import Autoscaler
    from include.local_aws.scaling.metrics import Metrics
    from include.local_aws.serving.fleet import Fleet

    options.data_dir.mkdir(parents=True, exist_ok=True)
    store = Store(options.data_dir / "state.sqlite")
    aws = Aws(
        options, clock or Clock(options.time_scale), store, Logs(store), client(options, "s3")
    )
    aws.metrics = Metrics(store)
    aws.jobs = JobRunner(aws)
    aws.fleet = Fleet(aws)
    aws.autoscaler = Autoscaler(aws)
    aws.monitoring = MonitoringScheduler(aws)
    return aws


def client(options: Options, service: str) -> Any:
    """A service as the platform itself uses it: through the front door, like everybody else."""
    return boto3.client(
        service,
        endpoint_url=options.url,
        region_name=options.region,
        aws_access_key_id="embedded",
        aws_secret_access_key="embedded",  # noqa: S106  (signatures are not checked here)
        config=Config(
            s3={"addressing_style": "path"},
            max_pool_connections=32,
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
