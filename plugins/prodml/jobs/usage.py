"""Read from CloudWatch how much of their instances training jobs use, many jobs in one call."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from prodml.aws.client import Aws
from prodml.aws.errors import is_transient
from prodml.aws.retries import pages
from prodml.debugger.instance_types import cpus, gpus
from prodml.debugger.observations import Observation, Source
from prodml.vocabulary import Json

log = logging.getLogger(__name__)
NAMESPACE = "/aws/sagemaker/TrainingJobs"
METRICS = {
    "cpu": "CPUUtilization",
    "memory": "MemoryUtilization",
    "disk": "DiskUtilization",
    "gpu": "GPUUtilization",
    "gpu_memory": "GPUMemoryUtilization",
}
MOST_HOSTS = 20
MOST = 500  # metrics of one call of GetMetricData
LATE = timedelta(minutes=10)  # by which a value may arrive later than others
PERIOD = 60  # seconds; SageMaker publishes a value in a minute


class Series(NamedTuple):
    """A resource of one instance of a job; CloudWatch adds up the percents of its *full* units."""

    job: str
    host: str
    resource: str
    full: int

    def query(self, number: int) -> Json:
        dimensions = [{"Name": "Host", "Value": f"{self.job}/{self.host}"}]
        name = METRICS[self.resource]
        metric = {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": dimensions}
        stat = {"Metric": metric, "Period": PERIOD, "Stat": "Average"}
        return {"Id": f"m{number}", "MetricStat": stat}


class UsageReader:
    """
    Reads what is new of a job's use; one that cannot be read is left out, with a warning.

    :param instances: The job's ResourceConfig.
    :param resources: What to read, such as ``cpu``; everything if left out.
    """

    def __init__(
        self,
        job: str,
        instances: Json,
        since: datetime,
        resources: Collection[str] = tuple(METRICS),
    ) -> None:
        self.job, self.since = job, since
        self.is_readable = True
        count = min(instances.get("InstanceCount", 1), MOST_HOSTS)
        kind = str(instances.get("InstanceType", ""))
        full = {"cpu": cpus(kind), "gpu": gpus(kind), "gpu_memory": gpus(kind)}
        self.series = [
            Series(job, f"algo-{number}", name, full.get(name, 1))
            for number in range(1, count + 1)
            for name in resources
        ]

    def new(self, aws: Aws, until: datetime | None = None) -> list[Observation]:
        """Return the complete minutes since the last call."""
        return read_usage(aws, [self], until)[0]

    def accepted(
        self, values: Mapping[float, Mapping[str, float]], end: datetime
    ) -> list[Observation]:
        """Return those *values* by time and name that were not read before; they go to *end*."""
        new = [
            Observation(Source.USAGE, values[at], at)
            for at in sorted(values)
            if at >= self.since.timestamp()
        ]
        if new:
            self.since = datetime.fromtimestamp(new[-1].at, UTC) + timedelta(seconds=1)
        self.since = max(self.since, end - LATE)
        return new


def read_usage(
    aws: Aws, readers: Sequence[UsageReader], until: datetime | None = None
) -> list[list[Observation]]:
    """Return what is new for each of *readers*: the use by the minute, in percent of an instance.

    :param until: The end; the last complete minute if left out.
    """
    from botocore.exceptions import ClientError

    end = until or datetime.now(UTC) - timedelta(seconds=PERIOD)
    due = [reader for reader in readers if reader.is_readable and reader.since < end]
    by_job: dict[str, dict[float, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    series = list(dict.fromkeys(one for reader in due for one in reader.series))
    try:
        for first in range(0, len(series), MOST):
            start = min(reader.since for reader in due)
            _read(aws, series[first : first + MOST], start, end, by_job)
    except ClientError as error:
        log.warning("Cannot read the resource use of training jobs: %s", error)
        for reader in due:
            reader.is_readable = is_transient(error)
        return [[] for _ in readers]
    return [reader.accepted(by_job[reader.job], end) if reader in due else [] for reader in readers]


def _read(
    aws: Aws,
    series: Sequence[Series],
    start: datetime,
    end: datetime,
    by_job: Mapping[str, Mapping[float, dict[str, float]]],
) -> None:
    """Add the values of *series* to *by_job*, by time and name."""
    queries = [one.query(number) for number, one in enumerate(series)]
    span: Json = {"StartTime": start, "EndTime": end + timedelta(seconds=PERIOD)}
    get = aws.client("cloudwatch").get_metric_data
    for page in pages(get, MetricDataQueries=queries, ScanBy="TimestampAscending", **span):
        for result in page["MetricDataResults"]:
            one = series[int(result["Id"][1:])]
            for at, value in zip(result["Timestamps"], result["Values"], strict=True):
                values = by_job[one.job][at.timestamp()]
                values[f"{one.resource}/{one.host}"] = value / one.full


def started(description: Mapping[str, datetime]) -> datetime:
    """Return when a training job started, or now."""
    times = (description.get(name) for name in ("TrainingStartTime", "CreationTime"))
    return next(filter(None, times), datetime.now(UTC))
