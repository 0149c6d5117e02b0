from __future__ import annotations

import asyncio
from typing import Any

import pytest

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.core.registry import OPERATIONS
from include.local_aws.core.store import Doc
from include.local_aws.sagemaker.monitoring import executions, requests
from include.local_aws.sagemaker.monitoring.executions import SCHEDULE
from include.local_aws.sagemaker.monitoring.scheduler import MonitoringScheduler
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.sagemaker.monitoring.world import (
    HOUR,
    NOON,
    World,
    config,
)

HOURLY = "cron(0 * ? * * *)"


def test_a_stopped_schedule_starts_nothing_and_resumes_from_its_start(world: World) -> None:
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


def test_a_deleted_schedule_stops_its_processing_job(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5)
    delete = OPERATIONS["sagemaker", "DeleteMonitoringSchedule"]
    asyncio.run(delete(world.aws, {"MonitoringScheduleName": "hourly"}))  # type: ignore[arg-type]
    job = world.aws.store.get("processing-job", world.jobs[-1]["ProcessingJobName"]) or {}
    assert job["ProcessingJobStatus"] == "Stopping"
    world.tick()
    assert world.statuses == ["Stopping"]
    world.end("Stopped")
    assert world.statuses == ["Stopped"]


def test_a_schedule_that_is_deleted_while_its_job_is_prepared_starts_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delete it while captured data are listed."""
    world.define()
    world.schedule()
    world.hours(1)
    analysis = requests.analysis

    def slow(s3: Any, work: requests.Work) -> Doc:
        world.aws.store.delete(SCHEDULE, "hourly")
        return analysis(s3, work)

    monkeypatch.setattr(requests, "analysis", slow)
    world.hours(1)
    assert world.jobs == []
    listed = world.aws.store.list(executions.KIND)
    assert [execution[executions.STATUS] for execution in listed] == ["Stopped"]


def test_an_unexpected_error_fails_one_execution_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Monitor the other schedules of the account."""
    world.define()
    world.schedule()
    other = {"MonitoringScheduleName": "other", "MonitoringScheduleConfig": config(HOURLY)}
    world.call("CreateMonitoringSchedule", **other)
    analysis = requests.analysis

    def broken(s3: Any, work: requests.Work) -> Doc:
        if work.schedule == "hourly":
            raise KeyError("bug")
        return analysis(s3, work)

    monkeypatch.setattr(requests, "analysis", broken)
    world.hours(1.5)
    (failed,) = world.executions(MonitoringScheduleName="hourly")
    assert failed["MonitoringExecutionStatus"] == "Failed"
    assert failed["FailureReason"].startswith("InternalServerError: ")
    (running,) = world.executions(MonitoringScheduleName="other")
    assert running["MonitoringExecutionStatus"] == "InProgress"


def test_an_update_waits_until_the_schedule_is_scheduled(world: World) -> None:
    world.define()
    world.schedule()
    with pytest.raises(AwsError, match=r"hourly is Pending\. Wait until it is Scheduled"):
        world.call(
            "UpdateMonitoringSchedule",
            MonitoringScheduleName="hourly",
            MonitoringScheduleConfig=config("cron(0 18 ? * * *)"),
        )


def test_after_a_restart_executions_are_followed_on(world: World) -> None:
    world.define()
    world.schedule()
    world.hours(1.5)

    async def again() -> None:
        fresh = MonitoringScheduler(world.aws)
        await fresh.start()
        await fresh.stop()
        world.aws.add(fresh)

    asyncio.run(again())
    world.end()
    assert world.statuses == ["Completed"]
