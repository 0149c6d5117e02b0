"""A schedule's whole life through the operators, against the embedded AWS."""

from __future__ import annotations

import time
from typing import Any

import pytest
from prodml.exceptions import JobFailedError, RequestRefusedError
from prodml.operators.monitoring import (
    DeleteMonitoringScheduleOperator,
    MonitoringScheduleOperator,
)
from prodml.vocabulary import Json

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform, variant
from tests.plugins.runs import CLUSTER, ROLE, Ti, run

IMAGE = "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"


@pytest.fixture(scope="module")
def endpoint(server: Server, bucket: str) -> str:
    """It captures what it is asked."""
    stamp = time.time_ns()
    platform = Platform(server, lambda stem: f"{stem}-{stamp}")
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{bucket}/captured",
        "CaptureOptions": [{"CaptureMode": "Input"}],
        "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"]},
    }
    name = platform.serving(variant(platform.model()), DataCaptureConfig=capture)
    for i in range(20):
        platform.invoke(name, f"{i},{i % 3}")
    _await_capture(platform, bucket)
    return name


def _await_capture(platform: Platform, bucket: str) -> None:
    deadline = time.monotonic() + 60
    while not platform.s3.list_objects_v2(Bucket=bucket, Prefix="captured/").get("KeyCount"):
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def definition(endpoint: str, bucket: str) -> Json:
    source = {"EndpointName": endpoint, "LocalPath": "/opt/ml/processing/input/endpoint"}
    output = {"S3Uri": f"s3://{bucket}/reports", "LocalPath": "/opt/ml/processing/output"}
    return {
        "DataQualityAppSpecification": {"ImageUri": IMAGE},
        "DataQualityJobInput": {"EndpointInput": source},
        "DataQualityJobOutputConfig": {"MonitoringOutputs": [{"S3Output": output}]},
        "JobResources": {"ClusterConfig": CLUSTER},
        "RoleArn": ROLE,
    }


def put(name: str, definition: Json, ti: Ti, **given: Any) -> Json:
    operator = MonitoringScheduleOperator(
        task_id="put", schedule_name=name, job_definition=definition, poll_interval=0.1, **given
    )
    return dict(run(operator, ti))


def remove(name: str, ti: Ti) -> bool:
    operator = DeleteMonitoringScheduleOperator(
        task_id="delete", schedule_name=name, poll_interval=0.1
    )
    return bool(run(operator, ti)["deleted"])


def definitions(sagemaker: Any, name: str) -> list[str]:
    response = sagemaker.list_data_quality_job_definitions(NameContains=name)
    return [one["MonitoringJobDefinitionName"] for one in response["JobDefinitionSummaries"]]


def test_created_changed_stopped_started_deleted(
    definition: Json, sagemaker: Any, unique: str, ti: Ti
) -> None:
    first = put(unique, definition, ti)
    assert (first["status"], first["execution"]) == ("Scheduled", None)
    made = sagemaker.describe_monitoring_schedule(MonitoringScheduleName=unique)
    assert put(unique, definition, ti) == first
    again = sagemaker.describe_monitoring_schedule(MonitoringScheduleName=unique)
    assert again["LastModifiedTime"] == made["LastModifiedTime"]
    assert put(unique, definition, ti, stopped=True)["status"] == "Stopped"
    limited = definition | {"StoppingCondition": {"MaxRuntimeInSeconds": 1800}}
    daily = "cron(0 6 ? * * *)"
    changed = put(unique, limited, ti, schedule_expression=daily)
    assert changed["status"] == "Scheduled"
    schedule = sagemaker.describe_monitoring_schedule(MonitoringScheduleName=unique)
    assert schedule["MonitoringScheduleConfig"]["ScheduleConfig"]["ScheduleExpression"] == daily
    assert definitions(sagemaker, unique) == [changed["job_definition"]]
    assert (remove(unique, ti), remove(unique, ti)) == (True, False)
    assert definitions(sagemaker, unique) == []


def test_now_waits_for_its_execution_and_a_retry_adopts_it(
    definition: Json, sagemaker: Any, unique: str, ti: Ti
) -> None:
    now = {"schedule_expression": "NOW", "analysis_start": "-PT1H", "analysis_end": "-PT0H"}
    result = put(unique, definition, ti, **now)
    assert result["execution"]["MonitoringExecutionStatus"] == "Completed"
    assert put(unique, definition, ti, **now) == result
    executions = sagemaker.list_monitoring_executions(MonitoringScheduleName=unique)
    assert len(executions["MonitoringExecutionSummaries"]) == 1


def test_an_execution_without_data_fails_the_task(definition: Json, unique: str, ti: Ti) -> None:
    hours = {"analysis_start": "-PT9H", "analysis_end": "-PT7H"}
    with pytest.raises(JobFailedError, match="Job inputs had no data"):
        put(unique, definition, ti, schedule_expression="NOW", **hours)


def test_what_aws_refuses_is_not_tried_again(definition: Json, unique: str, ti: Ti) -> None:
    with pytest.raises(RequestRefusedError, match="not supported"):
        put(unique, definition, ti, schedule_expression="cron(0/5 * ? * * *)")


def test_mistakes_are_named_at_construction(definition: Json) -> None:
    with pytest.raises(ValueError, match="Invalid monitoring_type 'Drift'"):
        MonitoringScheduleOperator(
            task_id="a", schedule_name="s", job_definition=definition, monitoring_type="Drift"
        )
    with pytest.raises(ValueError, match="cannot be stopped"):
        MonitoringScheduleOperator(
            task_id="b",
            schedule_name="s",
            job_definition=definition,
            schedule_expression="NOW",
            stopped=True,
        )
