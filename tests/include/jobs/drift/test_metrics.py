"""CloudWatch metrics: Model Monitor's names, and the place where SageMaker collects them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from include.jobs.drift.constraints import from_json, suggest
from include.jobs.drift.metrics import FILE, Place, data_quality, model_quality, publish
from include.jobs.drift.statistics import Profile
from include.jobs.drift.tables import Batch


def profile(**columns: list[object]) -> Profile:
    result = Profile()
    result.add(Batch("memory", pa.RecordBatch.from_pydict(columns)))
    return result.settled()


def test_three_metrics_of_a_number_and_two_of_a_text() -> None:
    was = profile(minutes=[1.0, 2.0, 3.0] * 100, plan=["a", "b", "c"] * 100)
    now = profile(minutes=[1.0, None, 6.0] * 100, plan=["a", "b", "c"] * 100)
    lines = data_quality(was, from_json(suggest(was)), now)
    result = {line.pop("MetricName"): line for line in lines}
    assert list(result) == [
        "feature_data_minutes",
        "feature_non_null_minutes",
        "feature_baseline_drift_minutes",
        "feature_non_null_plan",
        "feature_baseline_drift_plan",
    ]
    spread = result["feature_data_minutes"]["StatisticValues"]
    assert spread == {"SampleCount": 200.0, "Sum": 700.0, "Minimum": 1.0, "Maximum": 6.0}
    assert result["feature_non_null_minutes"] == {"Value": 200.0}
    assert result["feature_baseline_drift_minutes"]["Value"] > 0.1
    assert result["feature_baseline_drift_plan"] == {"Value": 0.0}


def test_a_quality_metric_that_is_no_number_is_left_out() -> None:
    section = {"auc": {"value": 0.9}, "f1": {"value": float("nan")}, "confusion_matrix": {}}
    document = {"binary_classification_metrics": section}
    assert list(model_quality(document, "binary")) == [{"MetricName": "auc", "Value": 0.9}]


def test_a_schedules_metrics_are_left_in_its_folder(tmp_path: Path) -> None:
    place = Place(tmp_path / "cloudwatch", "2024-05-06T12:00:00Z", "churn", "hourly")
    publish([{"MetricName": "auc", "Value": 0.9}], place, "ns")
    (line,) = (tmp_path / "cloudwatch" / FILE).read_text().splitlines()
    assert json.loads(line) == {
        "MetricName": "auc",
        "Value": 0.9,
        "Timestamp": "2024-05-06T12:00:00Z",
        "Dimensions": [
            {"Name": "Endpoint", "Value": "churn"},
            {"Name": "MonitoringSchedule", "Value": "hourly"},
        ],
    }


def test_metrics_that_cannot_be_put_cost_no_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a schedule the job puts them itself, here to an address where nothing listens."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    place = Place(tmp_path, "2024-05-06T12:00:00Z", "churn", "")
    publish([{"MetricName": "auc", "Value": 0.9}], place, "aws/ns")
    assert "The metrics were not put into aws/ns" in capsys.readouterr().out
    publish([], None, "aws/ns")
