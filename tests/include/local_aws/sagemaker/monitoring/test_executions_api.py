from __future__ import annotations

import pytest

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.core.store import Doc
from tests.include.local_aws.sagemaker.monitoring.world import (
    HOUR,
    NOON,
    World,
)


@pytest.fixture
def ended(world: World) -> World:
    """Run two hours: one without data, one that completes."""
    world.define()
    world.schedule()
    world.hours(1.5, captured=False)
    world.hours(1)
    world.end()
    return world


@pytest.mark.parametrize(
    ("asked", "statuses"),
    [
        ({}, ["Failed", "Completed"]),
        ({"StatusEquals": "Completed"}, ["Completed"]),
        ({"MonitoringTypeEquals": "ModelQuality"}, []),
        ({"EndpointName": "churn"}, ["Failed", "Completed"]),
        ({"EndpointName": "other"}, []),
        ({"MonitoringJobDefinitionName": "checks"}, ["Failed", "Completed"]),
        ({"ScheduledTimeAfter": NOON + HOUR}, ["Completed"]),
        ({"ScheduledTimeBefore": NOON + 2 * HOUR}, ["Failed"]),
    ],
)
def test_executions_are_filtered(ended: World, asked: Doc, statuses: list[str]) -> None:
    listed = [item["MonitoringExecutionStatus"] for item in ended.executions(**asked)]
    assert listed == statuses


def test_newest_execution_comes_first_by_default(ended: World) -> None:
    response = ended.call("ListMonitoringExecutions", MaxResults=1)
    (first,) = response["MonitoringExecutionSummaries"]
    assert first["ScheduledTime"] == NOON + 2 * HOUR
    rest = ended.call("ListMonitoringExecutions", MaxResults=1, NextToken=response["NextToken"])
    assert rest["MonitoringExecutionSummaries"][0]["ScheduledTime"] == NOON + HOUR
