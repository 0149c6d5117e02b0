"""Read from CloudWatch how much of its instances a training job uses."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from prodml.aws.client import Aws
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
PERIOD = 60  # seconds; SageMaker publishes a value in a minute


def usage_of(
    aws: Aws, job: str, resources: Json, start: datetime, end: datetime
) -> list[Observation]:
    """Return the use of each instance by the minute, in percent of the instance.

    :param resources: The job's ResourceConfig.
    """
    count, kind = resources.get("InstanceCount", 1), str(resources.get("InstanceType", ""))
    hosts = [f"algo-{number}" for number in range(1, min(count, MOST_HOSTS) + 1)]
    asked = [(name, host) for host in hosts for name in METRICS]
    queries = [_query(f"m{n}", job, host, METRICS[name]) for n, (name, host) in enumerate(asked)]
    full = {"cpu": cpus(kind), "gpu": gpus(kind), "gpu_memory": gpus(kind)}
    by_time: dict[float, dict[str, float]] = defaultdict(dict)
    span: Json = {"StartTime": start, "EndTime": end + timedelta(seconds=PERIOD)}
    get = aws.client("cloudwatch").get_metric_data
    for page in pages(get, MetricDataQueries=queries, ScanBy="TimestampAscending", **span):
        for result in page["MetricDataResults"]:
            name, host = asked[int(result["Id"][1:])]
            for at, value in zip(result["Timestamps"], result["Values"], strict=True):
                by_time[at.timestamp()][f"{name}/{host}"] = value / full.get(name, 1)
    return [Observation(Source.USAGE, values, at) for at, values in sorted(by_time.items())]


def _query(name: str, job: str, host: str, metric: str) -> Json:
    dimensions = [{"Name": "Host", "Value": f"{job}/{host}"}]
    measured = {"Namespace": NAMESPACE, "MetricName": metric, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": measured, "Period": PERIOD, "Stat": "Average"}}


class UsageReader:
    """Reads what is new of a job's use; one that cannot be read is left out, with a warning."""

    def __init__(self, job: str, resources: Json, since: datetime) -> None:
        self._job, self._resources = job, resources
        self._since = since
        self._is_readable = True

    def new(self, aws: Aws, until: datetime | None = None) -> list[Observation]:
        """Return the complete minutes since the last call."""
        from botocore.exceptions import ClientError

        end = until or datetime.now(UTC) - timedelta(seconds=PERIOD)
        if not self._is_readable or end <= self._since:
            return []
        try:
            seen = usage_of(aws, self._job, self._resources, self._since, end)
        except ClientError as error:
            log.warning("Cannot read the resource use of %s: %s", self._job, error)
            self._is_readable = False
            return []
        new = [one for one in seen if one.at >= self._since.timestamp()]
        if new:
            self._since = datetime.fromtimestamp(new[-1].at, UTC) + timedelta(seconds=1)
        return new


def started(description: Mapping[str, datetime]) -> datetime:
    """Return when a training job started, or now."""
    times = (description.get(name) for name in ("TrainingStartTime", "CreationTime"))
    return next(filter(None, times), datetime.now(UTC))
