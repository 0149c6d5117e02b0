"""The use of a training job's instances is in CloudWatch, where AWS has it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from include.local_aws.sagemaker.training.usage import OFTENEST
from include.local_aws.testing import Server
from tests.include.local_aws.jobs import made

BUSY = "import time\nend = time.time() + 600\nwhile time.time() < end: pass"


def test_a_job_that_computes_uses_a_core(local_aws: Server, unique: Callable[[str], str]) -> None:
    jobs, name = made(local_aws, "used"), unique("computing")
    cloudwatch = local_aws.client("cloudwatch")
    jobs.run(name, BUSY)
    place = [{"Name": "Host", "Value": f"{name}/algo-1"}]
    now = datetime.now(UTC)
    values: dict[str, float] = {}
    deadline = time.monotonic() + 6 * OFTENEST
    while len(values) < 2 and time.monotonic() < deadline:
        time.sleep(0.5)
        for metric in ("CPUUtilization", "MemoryUtilization"):
            points = cloudwatch.get_metric_statistics(
                Namespace="/aws/sagemaker/TrainingJobs",
                MetricName=metric,
                Dimensions=place,
                StartTime=now - timedelta(minutes=5),
                EndTime=now + timedelta(minutes=5),
                Period=60,
                Statistics=["Average"],
            )["Datapoints"]
            values.update((metric, point["Average"]) for point in points)
    jobs.sagemaker.stop_training_job(TrainingJobName=name)
    assert 5 < values["CPUUtilization"] <= 110
    assert 0 < values["MemoryUtilization"] < 20
    jobs.ended("Training", name)
