"""The mean and its error from CloudWatch's sums, read from the embedded CloudWatch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import mean, stdev

import pytest
from prodml.comparison.variant_metrics import Record

from include.local_aws.testing import Server

VALUES = [0.81, 0.83, 0.80, 0.84, 0.79, 0.82, 0.85, 0.80, 0.83, 0.81]


def test_periods_of_a_long_contest_give_the_error_of_its_mean(server: Server, unique: str) -> None:
    """Ten days, a value every day, in 24 periods of ten hours: each value by itself."""
    cloudwatch = server.client("cloudwatch")
    now = datetime.now(UTC)
    place = {"EndpointName": unique, "VariantName": "Challenger"}
    data = [
        {
            "MetricName": "auc",
            "Value": value,
            "Timestamp": now - timedelta(days=day, hours=1),
            "Dimensions": [{"Name": k, "Value": v} for k, v in place.items()],
        }
        for day, value in enumerate(VALUES)
    ]
    cloudwatch.put_metric_data(Namespace="prodml/quality", MetricData=data)
    since = now - timedelta(days=10)
    record = Record.of(cloudwatch, unique, "any", "Challenger", "prodml/quality:auc", since)
    assert (record.requests, record.periods) == (0, len(VALUES))
    assert record.mean == pytest.approx(mean(VALUES))
    assert record.error == pytest.approx(stdev(VALUES) / len(VALUES) ** 0.5)
    assert record.facts()["error_percent"] == 0.0


def test_an_unpublished_metric_has_no_mean(server: Server, unique: str) -> None:
    cloudwatch = server.client("cloudwatch")
    since = datetime.now(UTC) - timedelta(days=70)
    record = Record.of(cloudwatch, unique, "any", "AllTraffic", "latency", since)
    assert (record.mean, record.error, record.periods) == (None, None, 0)
    assert Record.of(cloudwatch, unique, "any", "AllTraffic", "errors", since).mean is None
