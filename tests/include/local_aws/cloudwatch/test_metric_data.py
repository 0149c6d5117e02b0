from __future__ import annotations

from typing import Any

import pytest

from include.local_aws.cloudwatch.metric_data import is_period, point, points
from include.local_aws.wire.errors import AwsError

NOW = 1_700_000_000.0


def _refusal(*data: dict[str, Any]) -> AwsError:
    with pytest.raises(AwsError) as caught:
        points({"Namespace": "N", "MetricData": list(data)}, NOW)
    return caught.value


def test_value_is_at_its_time_or_now() -> None:
    assert point("N", {"MetricName": "m", "Value": 2.0}, NOW).at == NOW
    made = point("N", {"MetricName": "m", "Value": 2.0, "Timestamp": 5.0, "Unit": "Count"}, NOW)
    assert (made.at, made.unit, made.summary.total) == (5.0, "Count", 2.0)


def test_values_are_weighted_by_their_counts() -> None:
    summary = point("N", {"MetricName": "m", "Values": [1.0, 2.0], "Counts": [3.0, 1.0]}, 0).summary
    assert (summary.samples, summary.total) == (4, 5)


def test_refusal_names_the_place() -> None:
    good = {"MetricName": "m", "Value": 1.0}
    error = _refusal(good, good | {"Value": float("nan")})
    assert error.message == "The value nan for parameter MetricData.member.2.Value is invalid."
    error = _refusal({"MetricName": "m", "Values": [1.0], "Value": 1.0})
    assert error.code == "InvalidParameterCombination"
    assert "MetricData.member.1.Value and MetricData.member.1.Values" in error.message


@pytest.mark.parametrize("change", [{"SampleCount": 0.0}, {"Minimum": 3.0}, {"Sum": float("inf")}])
def test_impossible_statistics_are_refused(change: dict[str, float]) -> None:
    stats = {"SampleCount": 2.0, "Sum": 3.0, "Minimum": 1.0, "Maximum": 2.0} | change
    error = _refusal({"MetricName": "m", "StatisticValues": stats})
    assert "MetricData.member.1.StatisticValues" in error.message


@pytest.mark.parametrize("moment", [1e30, -1e30])
def test_time_beyond_the_calendar_is_refused(moment: float) -> None:
    error = _refusal({"MetricName": "m", "Value": 1.0, "Timestamp": moment})
    assert f"The value {moment} for parameter MetricData.member.1.Timestamp" in error.message


def test_request_is_bounded_and_not_empty() -> None:
    assert _refusal().code == "MissingParameter"
    many = [{"MetricName": "m", "Value": 1.0}] * 1001
    assert "must not have a size greater than 1000" in _refusal(*many).message


@pytest.mark.parametrize(
    ("seconds", "valid"),
    [(1, True), (30, True), (60, True), (3600, True), (45, False), (0, False), (-60, False)],
)
def test_periods(seconds: int, valid: bool) -> None:
    assert is_period(seconds) is valid
