"""Schedules through boto3: real traffic, real captures, the analyzer in its image."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from include.local_aws.core.store import Doc
from tests.include.jobs.drift.data import HEADER, drift, rows, write_table
from tests.include.local_aws.models import ROLE, Platform, variant
from tests.include.local_aws.refusals import refusal

REGISTRY = "156813124566.dkr.ecr.us-east-1.amazonaws.com"
ANALYZER = f"{REGISTRY}/sagemaker-model-monitor-analyzer"
CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 20}
NOW = {
    "ScheduleExpression": "NOW",
    "DataAnalysisStartTime": "-PT1H",
    "DataAnalysisEndTime": "-PT0H",
}
ENDED = ("Completed", "CompletedWithViolations", "Failed", "Stopped")
ASKED = 200
Unique = Callable[[str], str]


@pytest.fixture(scope="module")
def endpoint(platform: Platform) -> str:
    """Deploy a model that echoes requests; two hundred shifted ones are captured."""
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{platform.bucket}/captured",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
    }
    name = platform.serving(variant(platform.model()), DataCaptureConfig=capture)
    for i, row in enumerate(rows(ASKED, 2, shift=1.0, plans="abz")):
        platform.invoke(name, row, InferenceId=f"request-{i}")
    _wait(lambda: _records(platform, name) == ASKED)
    return name


@pytest.fixture(scope="module")
def baseline(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Doc:
    folder = tmp_path_factory.mktemp("baseline")
    data = write_table(folder / "b.csv", rows(2000, 1), HEADER)
    drift("baseline", data, "--output", folder, "--profile", "model-monitor")
    resources = {}
    for what in ("statistics", "constraints"):
        key = f"baseline/{what}.json"
        platform.s3.upload_file(str(folder / f"{what}.json"), platform.bucket, key)
        resources[f"{what.capitalize()}Resource"] = {"S3Uri": f"s3://{platform.bucket}/{key}"}
    return resources


def define(platform: Platform, name: str, endpoint: str, baseline: Doc, **given: Any) -> Doc:
    """Return a CreateDataQualityJobDefinition request."""
    source = {
        "EndpointName": endpoint,
        "LocalPath": "/opt/ml/processing/input/endpoint",
        "S3InputMode": "File",
    }
    target = {
        "S3Uri": f"s3://{platform.bucket}/reports",
        "LocalPath": "/opt/ml/processing/output",
        "S3UploadMode": "EndOfJob",
    }
    return {
        "JobDefinitionName": name,
        "DataQualityBaselineConfig": baseline,
        "DataQualityAppSpecification": {"ImageUri": ANALYZER},
        "DataQualityJobInput": {"EndpointInput": source},
        "DataQualityJobOutputConfig": {"MonitoringOutputs": [{"S3Output": target}]},
        "JobResources": {"ClusterConfig": CLUSTER},
        "RoleArn": ROLE,
    } | given


def schedule(platform: Platform, name: str, kind: str = "DataQuality", **timing: str) -> None:
    platform.sagemaker.create_monitoring_schedule(
        MonitoringScheduleName=name,
        MonitoringScheduleConfig={
            "ScheduleConfig": timing or NOW,
            "MonitoringJobDefinitionName": name,
            "MonitoringType": kind,
        },
    )


def ended(platform: Platform, name: str) -> Doc:
    """Return the last execution's summary, once it has ended."""
    summary: Doc = {}

    def over() -> bool:
        asked = platform.sagemaker.describe_monitoring_schedule(MonitoringScheduleName=name)
        summary.update(asked.get("LastMonitoringExecutionSummary", {}))
        return summary.get("MonitoringExecutionStatus") in ENDED

    _wait(over)
    return summary


def _wait(condition: Callable[[], bool], within: float = 180) -> None:
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "It did not come to pass in time."
        time.sleep(0.2)


def _records(platform: Platform, endpoint: str) -> int:
    return sum(len(body.splitlines()) for body in _bodies(platform, f"captured/{endpoint}/"))


def _bodies(platform: Platform, prefix: str) -> list[str]:
    listed = platform.s3.list_objects_v2(Bucket=platform.bucket, Prefix=prefix)
    keys = [item["Key"] for item in listed.get("Contents", [])]
    get = platform.s3.get_object
    return [get(Bucket=platform.bucket, Key=key)["Body"].read().decode() for key in keys]


def test_now_detects_the_shift_and_publishes_it(
    platform: Platform, endpoint: str, baseline: Doc, unique: Unique
) -> None:
    name = unique("drift")
    request = define(platform, name, endpoint, baseline)
    platform.sagemaker.create_data_quality_job_definition(**request)
    schedule(platform, name)
    execution = ended(platform, name)
    assert execution["MonitoringExecutionStatus"] == "CompletedWithViolations", execution
    job = platform.sagemaker.describe_processing_job(
        ProcessingJobName=execution["ProcessingJobArn"].rpartition("/")[2]
    )
    assert job["ExitMessage"].startswith("CompletedWithViolations: Job completed successfully")
    assert job["MonitoringScheduleArn"].endswith(f"monitoring-schedule/{name}")
    prefix = f"reports/{endpoint}/{name}/"
    listed = platform.s3.list_objects_v2(Bucket=platform.bucket, Prefix=prefix)["Contents"]
    assert [item["Key"].rpartition("/")[2] for item in listed] == [
        "constraint_violations.json",
        "constraints.json",
        "statistics.json",
    ]
    violations = json.loads(_bodies(platform, f"{listed[0]['Key']}")[0])["violations"]
    assert {(v["feature_name"], v["constraint_check_type"]) for v in violations} == {
        ("minutes", "baseline_drift_check"),
        ("plan", "baseline_drift_check"),
        ("plan", "categorical_values_check"),
    }
    _check_metrics(platform, endpoint, name)


def _check_metrics(platform: Platform, endpoint: str, name: str) -> None:
    now = time.time()
    response = platform.server.client("cloudwatch").get_metric_statistics(
        Namespace="aws/sagemaker/Endpoints/data-metrics",
        MetricName="feature_baseline_drift_minutes",
        Dimensions=[
            {"Name": "Endpoint", "Value": endpoint},
            {"Name": "MonitoringSchedule", "Value": name},
        ],
        StartTime=now - 7200,
        EndTime=now + 60,
        Period=3600,
        Statistics=["Sum", "SampleCount"],
    )
    (point,) = response["Datapoints"]
    assert point["SampleCount"] == 1
    assert 0.1 < point["Sum"] < 0.5


def test_inline_definition_with_own_scripts(
    platform: Platform, endpoint: str, baseline: Doc, unique: Unique
) -> None:
    """The pre-processing script leaves only what did not move: no violation is left."""
    script = (
        "def preprocess_handler(record):\n"
        "    _, calls, _ = record.endpoint_input.data.split(',')\n"
        "    return {'calls': int(calls)}\n"
    )
    name = unique("inline")
    key = f"{name}/pre.py"
    platform.s3.put_object(Bucket=platform.bucket, Key=key, Body=script.encode())
    limits = json.dumps({"features": [{"name": "calls", "inferred_type": "Integral"}]})
    platform.s3.put_object(Bucket=platform.bucket, Key=f"{name}/c.json", Body=limits.encode())
    request = define(platform, name, endpoint, baseline)
    application = request["DataQualityAppSpecification"] | {
        "RecordPreprocessorSourceUri": f"s3://{platform.bucket}/{key}"
    }
    uri = f"s3://{platform.bucket}/{name}/c.json"
    platform.sagemaker.create_monitoring_schedule(
        MonitoringScheduleName=name,
        MonitoringScheduleConfig={
            "ScheduleConfig": NOW,
            "MonitoringJobDefinition": {
                "BaselineConfig": baseline | {"ConstraintsResource": {"S3Uri": uri}},
                "MonitoringInputs": [request["DataQualityJobInput"]],
                "MonitoringOutputConfig": request["DataQualityJobOutputConfig"],
                "MonitoringResources": request["JobResources"],
                "MonitoringAppSpecification": application,
                "Environment": {"publish_cloudwatch_metrics": "Disabled"},
                "RoleArn": ROLE,
            },
        },
    )
    execution = ended(platform, name)
    assert execution["MonitoringExecutionStatus"] == "Completed", execution
    described = platform.sagemaker.describe_monitoring_schedule(MonitoringScheduleName=name)
    assert described["MonitoringType"] == "DataQuality"
    assert described["EndpointName"] == endpoint
    alerts = platform.sagemaker.list_monitoring_alerts(MonitoringScheduleName=name)
    assert [alert["AlertStatus"] for alert in alerts["MonitoringAlertSummaries"]] == ["OK"]


def test_model_quality_joins_later_labels(
    platform: Platform, endpoint: str, unique: Unique
) -> None:
    """The answer is the request's first number, and each label is one more: a mean error of 1."""
    name = unique("quality")
    hour = time.strftime("%Y/%m/%d/%H", time.gmtime())
    answers = rows(ASKED, 2, shift=1.0, plans="abz")
    labels = [
        {
            "groundTruthData": {"data": str(float(row.split(",")[0]) + 1), "encoding": "CSV"},
            "eventMetadata": {"eventId": f"request-{i}"},
            "eventVersion": "0",
        }
        for i, row in enumerate(answers[:150])
    ]
    body = "\n".join(map(json.dumps, labels)).encode()
    platform.s3.put_object(
        Bucket=platform.bucket, Key=f"{name}/labels/{hour}/late.jsonl", Body=body
    )
    limits = {
        "version": 0.0,
        "regression_constraints": {
            "mae": {"threshold": 0.5, "comparison_operator": "GreaterThanThreshold"},
            "r2": {"threshold": -9.0, "comparison_operator": "LessThanThreshold"},
        },
    }
    platform.s3.put_object(
        Bucket=platform.bucket, Key=f"{name}/c.json", Body=json.dumps(limits).encode()
    )
    request = define(platform, name, endpoint, {})
    source = request["DataQualityJobInput"]["EndpointInput"] | {"InferenceAttribute": "0"}
    uri = f"s3://{platform.bucket}/{name}"
    platform.sagemaker.create_model_quality_job_definition(
        JobDefinitionName=name,
        ModelQualityBaselineConfig={"ConstraintsResource": {"S3Uri": f"{uri}/c.json"}},
        ModelQualityAppSpecification={"ImageUri": ANALYZER, "ProblemType": "Regression"},
        ModelQualityJobInput={
            "EndpointInput": source,
            "GroundTruthS3Input": {"S3Uri": f"{uri}/labels"},
        },
        ModelQualityJobOutputConfig=request["DataQualityJobOutputConfig"],
        JobResources=request["JobResources"],
        RoleArn=ROLE,
    )
    schedule(platform, name, "ModelQuality")
    execution = ended(platform, name)
    assert execution["MonitoringExecutionStatus"] == "CompletedWithViolations", execution
    keys = platform.s3.list_objects_v2(
        Bucket=platform.bucket, Prefix=f"reports/{endpoint}/{name}/"
    )["Contents"]
    documents = {
        item["Key"].rpartition("/")[2]: json.loads(_bodies(platform, item["Key"])[0])
        for item in keys
    }
    measured = documents["statistics.json"]
    assert measured["dataset"]["item_count"] == 150
    assert measured["regression_metrics"]["mae"]["value"] == pytest.approx(1.0)
    (broken,) = documents["constraint_violations.json"]["violations"]
    assert broken["metric_name"] == "mae"


# In a separate process, as users start it, and without any sign that this is not AWS.
SDK = """
import sys, time
import boto3
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.model_monitor import (
    CronExpressionGenerator, DefaultModelMonitor, MonitoringDatasetFormat
)
endpoint, bucket, name, table = sys.argv[1:]
monitor = DefaultModelMonitor(
    role="arn:aws:iam::000000000000:role/prodml",
    instance_count=1,
    instance_type="ml.m5.large",
    sagemaker_session=Session(boto3.Session(), default_bucket=bucket),
)
home = f"s3://{bucket}/{name}"
csv = MonitoringDatasetFormat.csv(header=True)
monitor.suggest_baseline(table, csv, output_s3_uri=f"{home}/baseline", wait=True, logs=False)
statistics, limits = monitor.baseline_statistics(), monitor.suggested_constraints()
assert statistics.body_dict["dataset"]["item_count"] == 2000
monitor.create_monitoring_schedule(
    endpoint_input=endpoint,
    output_s3_uri=f"{home}/reports",
    statistics=statistics,
    constraints=limits,
    monitor_schedule_name=name,
    schedule_cron_expression=CronExpressionGenerator.now(),
    data_analysis_start_time="-PT1H",
    data_analysis_end_time="-PT0H",
)
status = None
while status in (None, "Pending", "InProgress"):
    time.sleep(0.2)
    last = monitor.describe_schedule().get("LastMonitoringExecutionSummary", {})
    status = last.get("MonitoringExecutionStatus")
assert status == "CompletedWithViolations", last
assert len(monitor.list_executions()) == 1
assert monitor.latest_monitoring_statistics().body_dict["dataset"]["item_count"] == 200
violations = monitor.latest_monitoring_constraint_violations().body_dict["violations"]
print(sorted({violation["feature_name"] for violation in violations}))
monitor.delete_monitoring_schedule()
"""


def test_the_sdks_own_monitor_from_baseline_to_violations(
    platform: Platform, endpoint: str, unique: Unique, tmp_path: Path
) -> None:
    data = write_table(tmp_path / "b.csv", rows(2000, 1), HEADER)
    name = unique("sdk")
    platform.s3.upload_file(str(data), platform.bucket, f"{name}/b.csv")
    table = f"s3://{platform.bucket}/{name}/b.csv"
    done = subprocess.run(
        [sys.executable, "-c", SDK, endpoint, platform.bucket, name, table],
        cwd=tmp_path,
        env=os.environ | platform.server.environment(),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stdout.endswith("['minutes', 'plan']\n"), done.stdout + done.stderr
    gone = platform.sagemaker.describe_monitoring_schedule
    assert refusal(gone, MonitoringScheduleName=name)[0] == "ResourceNotFound"


def test_a_schedules_life(platform: Platform, endpoint: str, unique: Unique) -> None:
    name = unique("life")
    sagemaker = platform.sagemaker
    sagemaker.create_data_quality_job_definition(**define(platform, name, endpoint, {}))
    schedule(platform, name, ScheduleExpression="cron(0 0 ? * * *)")
    _wait(lambda: _status(platform, name) == "Scheduled")
    config = {"MonitoringJobDefinitionName": name, "MonitoringType": "DataQuality"}
    create = sagemaker.create_monitoring_schedule
    taken = refusal(create, MonitoringScheduleName=name, MonitoringScheduleConfig=config)
    assert taken[0] == "ResourceInUse"
    sagemaker.stop_monitoring_schedule(MonitoringScheduleName=name)
    assert _status(platform, name) == "Stopped"
    listed = sagemaker.list_monitoring_schedules(StatusEquals="Stopped", NameContains=name)
    (summary,) = listed["MonitoringScheduleSummaries"]
    assert summary["MonitoringJobDefinitionName"] == name
    sagemaker.start_monitoring_schedule(MonitoringScheduleName=name)
    _wait(lambda: _status(platform, name) == "Scheduled")
    sagemaker.delete_monitoring_schedule(MonitoringScheduleName=name)
    gone = refusal(sagemaker.describe_monitoring_schedule, MonitoringScheduleName=name)
    assert gone[0] == "ResourceNotFound"
    response = sagemaker.list_data_quality_job_definitions(NameContains=name)
    assert [d["EndpointName"] for d in response["JobDefinitionSummaries"]] == [endpoint]
    sagemaker.delete_data_quality_job_definition(JobDefinitionName=name)
    gone = refusal(sagemaker.describe_data_quality_job_definition, JobDefinitionName=name)
    assert gone[0] == "ResourceNotFound"


def _status(platform: Platform, name: str) -> str:
    schedule = platform.sagemaker.describe_monitoring_schedule(MonitoringScheduleName=name)
    return str(schedule["MonitoringScheduleStatus"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ScheduleConfig": {"ScheduleExpression": "cron(0/5 * ? * * *)"}}, "not supported"),
        ({"ScheduleConfig": {"ScheduleExpression": "NOW"}}, "needs DataAnalysisStartTime"),
        ({"MonitoringType": "ModelBias"}, "ModelBias is not emulated"),
        ({"MonitoringJobDefinitionName": "unknown"}, "Could not find job definition 'unknown'"),
    ],
)
def test_refusals(
    platform: Platform, endpoint: str, unique: Unique, change: Doc, message: str
) -> None:
    name = unique("refused")
    request = define(platform, name, endpoint, {})
    platform.sagemaker.create_data_quality_job_definition(**request)
    config = {"MonitoringJobDefinitionName": name, "MonitoringType": "DataQuality"} | change
    _, text = refusal(
        platform.sagemaker.create_monitoring_schedule,
        MonitoringScheduleName=name,
        MonitoringScheduleConfig=config,
    )
    assert message in text


def test_an_endpoint_that_captures_nothing_is_refused(platform: Platform, unique: Unique) -> None:
    name = unique("blind")
    request = define(platform, name, "unknown", {})
    platform.sagemaker.create_data_quality_job_definition(**request)
    _, text = refusal(
        platform.sagemaker.create_monitoring_schedule,
        MonitoringScheduleName=name,
        MonitoringScheduleConfig={
            "MonitoringJobDefinitionName": name,
            "MonitoringType": "DataQuality",
        },
    )
    assert "Could not find endpoint" in text
