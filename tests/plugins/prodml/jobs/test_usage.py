"""The use of instances from CloudWatch, in percent of the instance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.aws.client import Aws
from prodml.jobs.usage import NAMESPACE, UsageReader, read_usage

from include.local_aws.testing import Server
from tests.plugins.clients import connected

NOW = datetime.now(UTC).replace(second=0, microsecond=0)
A_WHILE = timedelta(minutes=10)
RESOURCES = {"InstanceType": "ml.m5.xlarge", "InstanceCount": 2}


def publish(server: Server, job: str, host: str, metric: str, *values: float) -> None:
    data = [
        {
            "MetricName": metric,
            "Dimensions": [{"Name": "Host", "Value": f"{job}/{host}"}],
            "Timestamp": NOW - timedelta(minutes=len(values) - minute),
            "Value": value,
        }
        for minute, value in enumerate(values)
    ]
    server.client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=data)


def test_the_percents_of_all_cpus_become_those_of_the_instance(server: Server, unique: str) -> None:
    publish(server, unique, "algo-1", "CPUUtilization", 40.0, 200.0)
    publish(server, unique, "algo-2", "MemoryUtilization", 30.0, 60.0)
    first, second = UsageReader(unique, RESOURCES, NOW - A_WHILE).new(Aws(), NOW)
    assert first.values == {"cpu/algo-1": 10.0, "memory/algo-2": 30.0}
    assert second.values == {"cpu/algo-1": 50.0, "memory/algo-2": 60.0}
    assert second.at - first.at == 60


def test_a_reader_returns_each_minute_once(server: Server, unique: str) -> None:
    publish(server, unique, "algo-1", "CPUUtilization", 40.0, 200.0)
    reader = UsageReader(unique, RESOURCES, NOW - A_WHILE)
    assert len(reader.new(Aws(), NOW - timedelta(minutes=2))) == 1
    assert len(reader.new(Aws(), NOW)) == 1
    assert reader.new(Aws(), NOW) == []


class Counted:
    """GetMetricData for more jobs than a laptop runs, with one value of each metric."""

    def __init__(self, *errors: Exception) -> None:
        self.sizes: list[int] = []
        self._errors = list(errors)

    def get_metric_data(self, **request: Any) -> dict[str, Any]:
        queries = request["MetricDataQueries"]
        self.sizes.append(len(queries))
        if self._errors:
            raise self._errors.pop()
        values = {"Timestamps": [NOW - timedelta(minutes=5)], "Values": [50.0]}
        return {"MetricDataResults": [{"Id": query["Id"], **values} for query in queries]}


def test_five_hundred_metrics_cost_one_call() -> None:
    counted = Counted()
    aws = connected(cloudwatch=counted)
    since = NOW - A_WHILE
    readers = [UsageReader(f"job-{n}", RESOURCES, since, ["memory"]) for n in range(300)]
    new = read_usage(aws, readers, NOW)
    assert counted.sizes == [500, 100]
    assert [dict(one.values) for (one,) in new] == [
        {"memory/algo-1": 50, "memory/algo-2": 50}
    ] * 300
    assert read_usage(aws, readers, NOW) == [[]] * 300


@pytest.mark.parametrize(("code", "again"), [("ExpiredToken", 1), ("AccessDenied", 0)])
def test_metrics_that_cannot_be_read_are_asked_for_again_unless_denied(
    code: str, again: int
) -> None:
    counted = Counted(ClientError({"Error": {"Code": code}}, "GetMetricData"))
    aws, reader = connected(cloudwatch=counted), UsageReader("job", RESOURCES, NOW - A_WHILE)
    assert reader.new(aws, NOW) == []
    assert len(reader.new(aws, NOW)) == again
    assert len(counted.sizes) == 1 + again
