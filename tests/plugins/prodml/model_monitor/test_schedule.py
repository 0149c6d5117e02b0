"""Bring a Model Monitor schedule into a state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.aws.client import Aws
from prodml.endpoints.resources import capture
from prodml.exceptions import MonitoringError, RequestRefusedError
from prodml.model_monitor.schedule import KINDS, MonitoringSchedule
from prodml.vocabulary import Json

from include.local_aws.testing import Server
from tests.include.local_aws.models import Platform, variant
from tests.plugins.runs import CLUSTER, ROLE

IMAGE = "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"


class Described(MonitoringSchedule):
    """A schedule in a state that the embedded AWS never leaves one in."""

    def describe(self) -> Json | None:
        return {"MonitoringScheduleStatus": "Failed", "FailureReason": "no such definition"}


@pytest.fixture(scope="module")
def aws() -> Aws:
    return Aws()


@pytest.fixture(scope="module")
def endpoint(platform: Platform) -> Iterator[str]:
    """Return an endpoint that captures its requests, before the first one."""
    captured = capture(f"s3://{platform.bucket}/captured", 100)
    name = platform.serving(variant(platform.model()), DataCaptureConfig=captured)
    yield name
    platform.sagemaker.delete_endpoint(EndpointName=name)


@pytest.fixture
def schedule(aws: Aws, unique: str) -> MonitoringSchedule:
    return MonitoringSchedule(aws, unique, timeout=60, poll_interval=0.05)


@pytest.fixture
def config(schedule: MonitoringSchedule, endpoint: str, bucket: str) -> Json:
    """The configuration of a daily schedule whose job is defined."""
    place = "/opt/ml/processing"
    source = {"EndpointName": endpoint, "LocalPath": f"{place}/input"}
    output = {"S3Uri": f"s3://{bucket}/reports", "LocalPath": f"{place}/output"}
    definition = {
        "DataQualityAppSpecification": {"ImageUri": IMAGE},
        "DataQualityJobInput": {"EndpointInput": source},
        "DataQualityJobOutputConfig": {"MonitoringOutputs": [{"S3Output": output}]},
        "JobResources": {"ClusterConfig": CLUSTER},
        "RoleArn": ROLE,
    }
    schedule.define("DataQuality", schedule.name, definition)
    schedule.define("DataQuality", schedule.name, definition)  # that it is there is as good
    return {
        "ScheduleConfig": {"ScheduleExpression": "cron(0 6 ? * * *)"},
        "MonitoringJobDefinitionName": schedule.name,
        "MonitoringType": "DataQuality",
    }


def test_a_schedule_is_made_stopped_started_and_deleted(
    schedule: MonitoringSchedule, config: Json, sagemaker: Any
) -> None:
    assert schedule.describe() is None
    schedule.put(config)
    assert schedule.settle()["MonitoringScheduleStatus"] == "Scheduled"
    assert schedule.turn("Stopped")["MonitoringScheduleStatus"] == "Stopped"
    assert schedule.turn("Scheduled")["MonitoringScheduleStatus"] == "Scheduled"
    schedule.delete()
    schedule.delete()
    assert schedule.describe() is None
    schedule.undefine(config)
    schedule.undefine(config)
    with pytest.raises(ClientError, match="Could not find"):
        sagemaker.describe_data_quality_job_definition(JobDefinitionName=schedule.name)


def test_only_another_configuration_is_an_update(
    schedule: MonitoringSchedule, config: Json, server: Server
) -> None:
    schedule.put(config)
    schedule.settle()
    update = {"operation": "UpdateMonitoringSchedule", "error": "ValidationException"}
    with server.faults(update):
        schedule.put(config)
        hourly = config | {"ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"}}
        with pytest.raises(RequestRefusedError, match="AWS refused to update the schedule"):
            schedule.put(hourly)


def test_a_wrong_definition_is_refused_without_a_retry(schedule: MonitoringSchedule) -> None:
    config = {
        "ScheduleConfig": {"ScheduleExpression": "cron(0 6 ? * * *)"},
        "MonitoringJobDefinitionName": "gone",
        "MonitoringType": "DataQuality",
    }
    with pytest.raises(RequestRefusedError, match="AWS refused to create the schedule"):
        schedule.put(config)


def test_a_wait_that_ends_says_what_it_waited_for_and_what_to_do(aws: Aws) -> None:
    schedule = MonitoringSchedule(aws, "never-made", timeout=0, poll_interval=0)
    with pytest.raises(MonitoringError, match="'never-made' is not there after 0 s: None") as error:
        schedule.wait(lambda schedule: schedule is not None, "there")
    assert "clear the task" in str(error.value)


def test_a_failed_schedule_is_named_with_its_reason(aws: Aws) -> None:
    with pytest.raises(MonitoringError, match=r"'bad' failed: no such definition\. Fix"):
        Described(aws, "bad").settle()


def test_every_kind_has_its_operations(sagemaker: Any) -> None:
    for operation in KINDS.values():
        assert callable(getattr(sagemaker, f"create_{operation}"))
        assert callable(getattr(sagemaker, f"delete_{operation}"))


@pytest.mark.parametrize(
    "config", [{}, {"MonitoringType": "DataQuality"}, {"MonitoringJobDefinitionName": "inline"}]
)
def test_a_schedule_without_a_definition_of_its_own_has_none_to_delete(
    config: Json, server: Server, schedule: MonitoringSchedule
) -> None:
    with server.faults() as faults:
        faults.operation("DeleteDataQualityJobDefinition", "AccessDeniedException")
        schedule.undefine(config)
        assert faults.hits() == 0
