"""Schedules on a clock that the test moves; the Processing jobs are ended by the test."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.account_builder import build
from include.local_aws.core.account import Aws
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.options import Options
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.sagemaker.monitoring.scheduler import MonitoringScheduler

NOON = 1_772_452_800.0  # 2026-03-02 12:00 UTC
HOUR = 3600.0
ROLE = "arn:aws:iam::000000000000:role/prodml"
IMAGE = "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"
CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 20}
Json = dict[str, Any]


class Keys:
    """The object store, as far as monitoring looks into it: which keys there are."""

    exceptions = type("Exceptions", (), {"ClientError": ClientError})

    def __init__(self) -> None:
        self.keys: list[str] = []

    def list_objects_v2(self, **asked: str) -> Json:
        prefix = asked["Prefix"]
        rest = [key[len(prefix) :] for key in self.keys if key.startswith(prefix)]
        if "Delimiter" in asked:
            folders = sorted({f"{prefix}{key.partition('/')[0]}/" for key in rest})
            return {"CommonPrefixes": [{"Prefix": folder} for folder in folders]}
        return {"Contents": [{"Key": f"{prefix}{key}"} for key in rest]}

    def get_paginator(self, _: str) -> Any:
        pages = lambda **asked: [self.list_objects_v2(**asked)]  # noqa: E731
        return type("Pages", (), {"paginate": staticmethod(pages)})()


class World:
    """One endpoint that captures, and hours that pass."""

    def __init__(self, aws: Aws, clock: ManualClock) -> None:
        self.aws, self.clock, self.s3 = aws, clock, Keys()
        aws.s3 = self.s3
        capture = {"EnableCapture": True, "DestinationS3Uri": "s3://b/capture/"}
        doc = {"EndpointName": "churn", "Deployment": {"DataCapture": capture}}
        aws.store.insert("endpoint", "churn", doc)
        self.jobs: list[Json] = []

    def call(self, operation: str, **request: Any) -> Json:
        found: Json = OPERATIONS["sagemaker", operation](self.aws, request)  # type: ignore[assignment]
        return found

    def define(self, kind: str = "DataQuality", **given: Any) -> None:
        place = "/opt/ml/processing/input/endpoint"
        target = {"S3Uri": "s3://b/reports", "LocalPath": "/opt/ml/processing/output"}
        self.call(
            f"Create{kind}JobDefinition",
            JobDefinitionName="checks",
            **{
                f"{kind}AppSpecification": {"ImageUri": IMAGE},
                f"{kind}JobInput": {"EndpointInput": {"EndpointName": "churn", "LocalPath": place}}
                | given,
                f"{kind}JobOutputConfig": {"MonitoringOutputs": [{"S3Output": target}]},
            },
            JobResources={"ClusterConfig": CLUSTER},
            RoleArn=ROLE,
        )

    def schedule(self, expression: str = "cron(0 * ? * * *)", **given: str) -> None:
        self.call(
            "CreateMonitoringSchedule",
            MonitoringScheduleName="hourly",
            MonitoringScheduleConfig=config(expression, **given),
        )

    def hours(self, count: float, captured: bool = True) -> None:
        """Half an hour's steps, each with a look at what is due and at what runs."""
        for _ in range(int(count * 2)):
            if captured:
                stamp = self.clock.now() + 1
                hour = _folder(stamp)
                self.s3.keys.append(f"capture/churn/AllTraffic/{hour}/{stamp}.jsonl")
            self.clock.advance(HOUR / 2)
            self.tick()

    def tick(self) -> None:
        asyncio.run(self.aws.part(MonitoringScheduler).tick())

    def end(self, status: str = "Completed", message: str = "Completed", **members: Any) -> None:
        """The newest Processing job comes to its end, and the scheduler sees it."""
        name = self.jobs[-1]["ProcessingJobName"]
        said = {"ProcessingJobStatus": status, "ExitMessage": message} | members
        self.aws.store.update("processing-job", name, **said)
        self.tick()

    def executions(self, **asked: Any) -> list[Json]:
        """Oldest first."""
        found = self.call("ListMonitoringExecutions", SortOrder="Ascending", **asked)
        return list(found["MonitoringExecutionSummaries"])

    @property
    def statuses(self) -> list[str]:
        return [execution["MonitoringExecutionStatus"] for execution in self.executions()]

    @property
    def state(self) -> str:
        found = self.call("DescribeMonitoringSchedule", MonitoringScheduleName="hourly")
        return str(found["MonitoringScheduleStatus"])

    @property
    def alert(self) -> Json:
        found = self.call("ListMonitoringAlerts", MonitoringScheduleName="hourly")
        return dict(found["MonitoringAlertSummaries"][0])


def config(expression: str, kind: str = "DataQuality", **given: str) -> Json:
    return {
        "ScheduleConfig": {"ScheduleExpression": expression} | given,
        "MonitoringJobDefinitionName": "checks",
        "MonitoringType": kind,
    }


def _folder(stamp: float) -> str:
    from include.local_aws.sagemaker.monitoring.windows import folder

    return folder(stamp)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    clock = ManualClock(NOON + 60)
    aws = build(Options(data_dir=tmp_path), clock)
    world = World(aws, clock)

    def create(aws: Aws, request: Json) -> Json:
        job = request | {"ProcessingJobStatus": "InProgress", "ProcessingJobArn": "arn:job"}
        aws.store.insert("processing-job", request["ProcessingJobName"], job)
        world.jobs.append(job)
        return job

    where = "include.local_aws.sagemaker.processing.api.create_processing_job"
    monkeypatch.setattr(where, create)
    yield world
    aws.store.close()


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


def test_the_job_is_told_its_window_as_aws_tells_it(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5)
    (job,) = world.jobs
    told = job["Environment"]
    assert told["start_time"] == told["metric_time"] == "2026-03-02T12:00:00Z"
    assert told["end_time"] == "2026-03-02T13:00:00Z"
    assert told["sagemaker_endpoint_name"] == "churn"
    assert told["sagemaker_monitoring_schedule_name"] == "hourly"
    assert told["publish_cloudwatch_metrics"] == "Enabled"
    (given,) = job["ProcessingInputs"]
    place = "churn/AllTraffic/2026/03/02/12"
    assert given["S3Input"]["S3Uri"] == f"s3://b/capture/{place}"
    assert given["S3Input"]["LocalPath"] == f"{told['dataset_source']}/{place}"
    output = job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]
    assert output["S3Uri"] == "s3://b/reports/churn/hourly/2026/03/02/13"
    assert job["ProcessingJobName"].startswith("data-quality-monitoring-202603021300-")
    assert job["MonitoringScheduleArn"].endswith(":monitoring-schedule/hourly")


def test_an_hour_without_data_fails_with_awss_reason(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5, captured=False)
    assert world.statuses == ["Failed"]
    assert world.executions()[0]["FailureReason"] == "Job inputs had no data"
    assert world.jobs == []


def test_a_job_that_fails_says_why(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5)
    world.end("Failed", "Error: a.jsonl line 1 is no capture record")
    assert world.executions()[0]["FailureReason"] == "Error: a.jsonl line 1 is no capture record"


def test_two_of_three_hours_raise_the_alert_and_its_end_is_noted(world: World) -> None:
    world.define()
    world.schedule()
    asked = {"DatapointsToAlert": 2, "EvaluationPeriod": 3}
    name = world.alert["MonitoringAlertName"]
    place = {"MonitoringScheduleName": "hourly", "MonitoringAlertName": name}
    world.call("UpdateMonitoringAlert", **place, **asked)
    world.hours(0.5)
    seen = []
    for violated in (True, False, True, False, False):
        world.hours(1)
        world.end(message="CompletedWithViolations: 3" if violated else "Completed: none")
        seen.append(world.alert["AlertStatus"])
    assert seen == ["OK", "OK", "InAlert", "OK", "OK"]
    assert world.statuses.count("CompletedWithViolations") == 2
    history = world.call("ListMonitoringAlertHistory", **place)["MonitoringAlertHistory"]
    assert [entry["AlertStatus"] for entry in history] == ["OK", "InAlert"]


def test_stopped_nothing_begins_and_started_it_goes_on_from_then(world: World) -> None:
    world.define()
    world.schedule()
    world.tick()
    world.call("StopMonitoringSchedule", MonitoringScheduleName="hourly")
    world.hours(3)
    assert (world.state, world.statuses) == ("Stopped", [])
    world.call("StartMonitoringSchedule", MonitoringScheduleName="hourly")
    world.hours(1.5)
    assert (world.state, world.statuses) == ("Scheduled", ["InProgress"])
    assert world.executions()[0]["ScheduledTime"] == NOON + 4 * HOUR


def test_an_update_changes_the_hours(world: World) -> None:
    world.define()
    world.schedule()
    world.tick()
    world.call(
        "UpdateMonitoringSchedule",
        MonitoringScheduleName="hourly",
        MonitoringScheduleConfig=config("cron(0 18 ? * * *)"),
    )
    world.hours(7)
    (execution,) = world.executions()
    assert execution["ScheduledTime"] == NOON + 6 * HOUR
    assert world.jobs[0]["Environment"]["start_time"] == "2026-03-01T18:00:00Z"


def test_now_runs_once_and_again_when_started(world: World) -> None:
    world.define()
    world.hours(1)
    world.schedule("NOW", DataAnalysisStartTime="-PT1H", DataAnalysisEndTime="-PT0H")
    world.hours(2)
    world.end()
    world.hours(2)
    assert world.statuses == ["Completed"]
    assert world.jobs[0]["Environment"]["start_time"] == "2026-03-02T12:31:00Z"
    world.call("StartMonitoringSchedule", MonitoringScheduleName="hourly")
    world.tick()
    assert world.statuses == ["Completed", "InProgress"]


def test_late_labels_are_merged_before_they_are_judged(world: World) -> None:
    truth = {"GroundTruthS3Input": {"S3Uri": "s3://b/labels"}}
    world.define("ModelQuality", **truth)
    world.call(
        "CreateMonitoringSchedule",
        MonitoringScheduleName="hourly",
        MonitoringScheduleConfig=config("cron(0 * ? * * *)", "ModelQuality"),
    )
    world.s3.keys.append("labels/2026/03/02/12/late.jsonl")
    world.hours(1.5)
    (merge,) = world.jobs
    assert merge["ProcessingJobName"].startswith("groundtruth-merge-")
    assert merge["AppSpecification"]["ImageUri"].endswith(
        "/sagemaker-model-monitor-groundtruth-merger"
    )
    world.s3.keys.append("reports/merge/churn/AllTraffic/2026/03/02/12/a.jsonl")
    world.end()
    analysis = world.jobs[-1]
    assert world.statuses == ["InProgress"]
    assert analysis["Environment"]["analysis_type"] == "MODEL_QUALITY"
    assert "sagemakerMergeJson" in analysis["Environment"]["dataset_format"]
    world.end()
    assert world.statuses == ["Completed"]


def test_an_hour_without_labels_had_no_data(world: World) -> None:
    world.define("ModelQuality", GroundTruthS3Input={"S3Uri": "s3://b/labels"})
    world.call(
        "CreateMonitoringSchedule",
        MonitoringScheduleName="hourly",
        MonitoringScheduleConfig=config("cron(0 * ? * * *)", "ModelQuality"),
    )
    world.hours(1.5)
    assert world.executions()[0]["FailureReason"] == "Job inputs had no data"


def test_a_definition_that_is_gone_fails_the_execution_not_the_loop(world: World) -> None:
    world.define()
    world.schedule()
    world.call("DeleteDataQualityJobDefinition", JobDefinitionName="checks")
    world.hours(1.5)
    assert world.statuses == ["Failed"]
    assert "Could not find job definition 'checks'" in world.executions()[0]["FailureReason"]


def test_a_deleted_schedule_leaves_its_history(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1)
    delete = OPERATIONS["sagemaker", "DeleteMonitoringSchedule"]
    asyncio.run(delete(world.aws, {"MonitoringScheduleName": "hourly"}))  # type: ignore[arg-type]
    world.hours(2)
    assert world.executions(MonitoringScheduleName="hourly")[0]["MonitoringExecutionStatus"] == (
        "Stopped"
    )


def test_after_a_restart_executions_are_followed_on(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5)
    from include.local_aws.sagemaker.monitoring.scheduler import MonitoringScheduler

    async def again() -> None:
        fresh = MonitoringScheduler(world.aws)
        await fresh.start()
        await fresh.stop()
        world.aws.add(fresh)

    asyncio.run(again())
    world.end()
    assert world.statuses == ["Completed"]
