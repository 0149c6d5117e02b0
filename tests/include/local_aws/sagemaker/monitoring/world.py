"""Schedules on a clock that the test moves; the Processing jobs are ended by the test."""

from __future__ import annotations

import asyncio
from typing import Any

from botocore.exceptions import ClientError

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.core.account import Aws
from include.local_aws.core.clock import ManualClock
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.monitoring import (
    windows,
)
from include.local_aws.sagemaker.monitoring.scheduler import MonitoringScheduler

NOON = 1_772_452_800.0  # 2026-03-02 12:00 UTC


HOUR = 3600.0


ROLE = "arn:aws:iam::000000000000:role/prodml"


IMAGE = "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"


CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 20}


class Keys:
    """The keys in the object store, which is all that monitoring reads of it."""

    exceptions = type("Exceptions", (), {"ClientError": ClientError})

    def __init__(self) -> None:
        self.keys: list[str] = []

    def list_objects_v2(self, **asked: str) -> Doc:
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
        aws.client = lambda service, role, **config: self.s3  # type: ignore[method-assign]
        capture = {"EnableCapture": True, "DestinationS3Uri": "s3://b/capture/"}
        doc = {"EndpointName": "churn", "Deployment": {"DataCapture": capture}}
        aws.store.insert("endpoint", "churn", doc)
        self.jobs: list[Doc] = []

    def call(self, operation: str, **request: Any) -> Doc:
        response: Doc = OPERATIONS["sagemaker", operation](self.aws, request)  # type: ignore[assignment]
        return response

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
        """Advance in steps of half an hour, with a round of the scheduler in each."""
        for _ in range(int(count * 2)):
            if captured:
                stamp = self.clock.now() + 1
                hour = windows.folder(stamp)
                self.s3.keys.append(f"capture/churn/AllTraffic/{hour}/{stamp}.jsonl")
            self.clock.advance(HOUR / 2)
            self.tick()

    def tick(self) -> None:
        asyncio.run(self.aws.part(MonitoringScheduler).tick())

    def end(self, status: str = "Completed", message: str = "Completed", **members: Any) -> None:
        """End the newest Processing job, and run the scheduler."""
        name = self.jobs[-1]["ProcessingJobName"]
        result = {"ProcessingJobStatus": status, "ExitMessage": message} | members
        self.aws.store.update("processing-job", name, **result)
        self.tick()

    def executions(self, **asked: Any) -> list[Doc]:
        """Return the executions, oldest first."""
        response = self.call("ListMonitoringExecutions", SortOrder="Ascending", **asked)
        return list(response["MonitoringExecutionSummaries"])

    @property
    def statuses(self) -> list[str]:
        return [execution["MonitoringExecutionStatus"] for execution in self.executions()]

    @property
    def state(self) -> str:
        schedule = self.call("DescribeMonitoringSchedule", MonitoringScheduleName="hourly")
        return str(schedule["MonitoringScheduleStatus"])

    @property
    def alert(self) -> Doc:
        response = self.call("ListMonitoringAlerts", MonitoringScheduleName="hourly")
        return dict(response["MonitoringAlertSummaries"][0])


def config(expression: str, kind: str = "DataQuality", **given: str) -> Doc:
    return {
        "ScheduleConfig": {"ScheduleExpression": expression} | given,
        "MonitoringJobDefinitionName": "checks",
        "MonitoringType": kind,
    }
