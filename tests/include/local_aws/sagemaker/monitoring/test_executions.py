from __future__ import annotations

import pytest

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.sagemaker.monitoring import (
    executions,
)
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.sagemaker.monitoring.world import (
    HOUR,
    NOON,
    World,
    config,
)


def test_an_hour_is_pending_then_in_progress_then_completed(world: World) -> None:
    world.define()
    world.schedule()
    assert world.state == "Pending"
    world.hours(1)
    assert (world.state, world.statuses) == ("Scheduled", ["Pending"])
    world.hours(0.5)
    assert world.statuses == ["InProgress"]
    (execution,) = world.executions()
    assert execution["ScheduledTime"] == NOON + HOUR
    assert execution["ProcessingJobArn"] == "arn:job"
    world.end()
    assert world.statuses == ["Completed"]
    assert "FailureReason" not in world.executions()[0]


def test_an_hour_without_data_fails_with_awss_reason(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5, captured=False)
    assert world.statuses == ["Failed"]
    assert world.executions()[0]["FailureReason"] == "Job inputs had no data"
    assert world.jobs == []


def test_a_failed_job_has_the_reason(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5)
    world.end("Failed", "Error: a.jsonl line 1 is no capture record")
    assert world.executions()[0]["FailureReason"] == "Error: a.jsonl line 1 is no capture record"


def test_an_hour_without_labels_had_no_data(world: World) -> None:
    world.define("ModelQuality", GroundTruthS3Input={"S3Uri": "s3://b/labels"})
    world.call(
        "CreateMonitoringSchedule",
        MonitoringScheduleName="hourly",
        MonitoringScheduleConfig=config("cron(0 * ? * * *)", "ModelQuality"),
    )
    world.hours(1.5)
    assert world.executions()[0]["FailureReason"] == "Job inputs had no data"


def test_a_deleted_definition_fails_the_execution_not_the_loop(world: World) -> None:
    world.define()
    world.schedule()
    world.call("DeleteDataQualityJobDefinition", JobDefinitionName="checks")
    world.hours(1.5)
    assert world.statuses == ["Failed"]
    assert "Could not find job definition 'checks'" in world.executions()[0]["FailureReason"]


def test_deleted_processing_job_fails_its_execution(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5)
    world.aws.store.delete("processing-job", world.jobs[-1]["ProcessingJobName"])
    world.tick()
    assert world.statuses == ["Failed"]
    assert world.executions()[0]["FailureReason"] == "Its Processing job was deleted."


def test_endpoint_without_capture_is_refused_with_the_way_out(world: World) -> None:
    world.aws.store.update("endpoint", "churn", Deployment={"DataCapture": None})
    with pytest.raises(AwsError, match=r"'churn' captures no data\. Deploy a configuration"):
        executions.capture_of(world.aws, "churn")


def test_capture_is_found_without_its_last_slash(world: World) -> None:
    assert executions.capture_of(world.aws, "churn") == "s3://b/capture"
