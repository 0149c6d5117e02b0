"""The mean and its error from CloudWatch's sums, read from the embedded CloudWatch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from statistics import mean, stdev
from typing import Any

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


class ByEndpoint:
    """CloudWatch as it is if metrics by configuration are published for guarded updates alone.

    The embedded CloudWatch always has both.
    """

    def get_metric_statistics(self, **request: Any) -> dict[str, Any]:
        names = [dimension["Name"] for dimension in request["Dimensions"]]
        point = {"Invocations": (40.0, 40), "Invocation5XXErrors": (4.0, 40)}
        total, count = point[request["MetricName"]]
        points = [] if "EndpointConfigName" in names else [{"Sum": total, "SampleCount": count}]
        return {"Datapoints": points}


def test_metrics_of_the_endpoint_count_where_none_names_a_configuration() -> None:
    record = Record.of(ByEndpoint(), "churn", "c", "AllTraffic", "errors", datetime.now(UTC))
    assert (record.requests, record.failed, record.mean) == (40, 4, 10.0)
