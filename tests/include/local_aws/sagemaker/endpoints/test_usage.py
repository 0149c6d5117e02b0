from __future__ import annotations

import time
from typing import Any

from tests.include.local_aws.models import OBEDIENT, Platform, variant
from tests.include.local_aws.traffic import Traffic

NAMESPACE = "/aws/sagemaker/Endpoints"
BUSY = OBEDIENT.replace("    order,", "    sum(range(200_000))\n    order,", 1)


def _highest(cloudwatch: Any, name: str, metric: str) -> float:
    now = time.time()
    points = cloudwatch.get_metric_statistics(
        Namespace=NAMESPACE,
        MetricName=metric,
        Dimensions=[
            {"Name": "EndpointName", "Value": name},
            {"Name": "VariantName", "Value": "AllTraffic"},
        ],
        StartTime=now - 3600,
        EndTime=now + 3600,
        Period=86400,
        Statistics=["Maximum"],
    )["Datapoints"]
    return max((float(point["Maximum"]) for point in points), default=0.0)


def test_busy_instance_shows_in_its_metrics(platform: Platform) -> None:
    """The model's process holds some tens of MB and, under load, a good part of a core."""
    name = platform.serving(variant(platform.model(BUSY)))
    cloudwatch = platform.server.client("cloudwatch")
    deadline = time.monotonic() + 30
    with Traffic(platform, name, pause=0) as traffic:
        while _highest(cloudwatch, name, "CPUUtilization") < 5 and time.monotonic() < deadline:
            time.sleep(0.2)
    assert traffic.failures == []
    assert 5 <= _highest(cloudwatch, name, "CPUUtilization") < 800
    assert 0.1 < _highest(cloudwatch, name, "MemoryUtilization") < 50
