"""Metrics of a job without a schedule, which the analyzer itself publishes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.cloudwatch.metrics import Metrics
from include.local_aws.core.account import Aws
from include.local_aws.sagemaker.processing.collected_metrics import FOLDER, publish
from include.local_aws.testing import REGION, Server
from tests.include.jobs.drift.data import drift, rows, write_table
from tests.include.jobs.programs import run_module

Unique = Callable[[str], str]


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("baseline")
    drift("baseline", write_table(folder / "b.csv", rows(500, 1)), "--output", folder)
    return folder


def analyze(base: Path, baseline: Path, url: str, **given: str) -> str:
    """Run the analyzer over a table; return its output."""
    data = write_table(base / "now.csv", rows(400, 2, shift=1.0))
    order = {
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "job",
        "AWS_SECRET_ACCESS_KEY": "job",
        "AWS_MAX_ATTEMPTS": "1",
        "SAGEMAKER_BASE_DIR": str(base),
        "output_path": str(base / "out"),
        "dataset_source": str(data),
        "dataset_format": json.dumps({"csv": {"header": True}}),
        "baseline_statistics": str(baseline / "statistics.json"),
        "baseline_constraints": str(baseline / "constraints.json"),
        "publish_cloudwatch_metrics": "Enabled",
    } | given
    done = run_module("include.jobs.drift.monitor", **order)
    assert done.returncode == 0, done.stderr
    return done.stdout


def published(server: Server, endpoint: str, metric: str, **schedule: str) -> list[dict[str, Any]]:
    named = {"Endpoint": endpoint, **schedule}
    response = server.client("cloudwatch").get_metric_statistics(
        Namespace="aws/sagemaker/Endpoints/data-metrics",
        MetricName=metric,
        Dimensions=[{"Name": name, "Value": value} for name, value in named.items()],
        StartTime=time.time() - 7200,
        EndTime=time.time() + 3600,
        Period=86400,
        Statistics=["Sum", "Minimum", "Maximum", "SampleCount"],
    )
    return list(response["Datapoints"])


def test_a_job_without_a_schedule_publishes_its_metrics(
    local_aws: Server, baseline: Path, tmp_path: Path, unique: Unique
) -> None:
    endpoint = unique("endpoint")
    analyze(tmp_path, baseline, local_aws.url, sagemaker_endpoint_name=endpoint)
    (moved,) = published(local_aws, endpoint, "feature_baseline_drift_minutes")
    assert 0.1 < moved["Sum"] < 0.5
    (present,) = published(local_aws, endpoint, "feature_non_null_plan")
    assert present["Sum"] == 400
    (data,) = published(local_aws, endpoint, "feature_data_calls")
    assert (data["Minimum"], data["Maximum"], data["SampleCount"]) == (0, 19, 400)


def test_a_schedules_job_leaves_that_to_sagemaker(
    local_aws: Server, baseline: Path, tmp_path: Path, unique: Unique
) -> None:
    """Both would be counted twice."""
    endpoint = unique("endpoint")
    names = {"sagemaker_endpoint_name": endpoint, "sagemaker_monitoring_schedule_name": "hourly"}
    analyze(tmp_path, baseline, local_aws.url, **names)
    assert not published(local_aws, endpoint, "feature_non_null_plan", MonitoringSchedule="hourly")
    assert (tmp_path / "output/metrics/cloudwatch/cloudwatch_metrics.jsonl").exists()


def test_disabled_capture_has_no_plan(
    local_aws: Server, baseline: Path, tmp_path: Path, unique: Unique
) -> None:
    endpoint = unique("endpoint")
    names = {"sagemaker_endpoint_name": endpoint, "publish_cloudwatch_metrics": "Disabled"}
    analyze(tmp_path, baseline, local_aws.url, **names)
    assert not published(local_aws, endpoint, "feature_non_null_plan")
    assert not (tmp_path / "output").exists()


def test_a_cloudwatch_that_does_not_answer_costs_no_report(baseline: Path, tmp_path: Path) -> None:
    printed = analyze(tmp_path, baseline, "http://127.0.0.1:9")
    assert "The metrics were not put into aws/sagemaker/Endpoints/data-metrics" in printed
    assert (tmp_path / "out" / "constraint_violations.json").exists()


POINT = {"MetricName": "drift", "Value": 1.5, "Timestamp": "2026-03-01T12:00:00Z"}


@pytest.mark.parametrize(
    "broken",
    [
        b"no json",
        b"\xff",
        b"7",
        b"{}",
        json.dumps(POINT | {"Timestamp": "noon"}).encode(),
        json.dumps(POINT | {"Value": "high"}).encode(),
        b"[" * 100_000,
    ],
    ids=["text", "bytes", "number", "members", "time", "value", "nested"],
)
def test_a_file_that_cannot_be_read_spares_the_others(
    aws: Aws, tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: bytes
) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "a.jsonl").write_bytes(broken)
    (folder / "b.jsonl").write_text(json.dumps(POINT))
    metrics = aws.add(Metrics(aws.store))
    publish(aws, {"MonitoringScheduleArn": "arn:hourly"}, tmp_path)
    assert "a.jsonl has no metrics" in caplog.text
    assert metrics.values("aws/sagemaker/Endpoints/data-metrics", "drift", {}) == [1.5]
