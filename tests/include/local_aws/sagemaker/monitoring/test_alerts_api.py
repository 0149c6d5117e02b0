from __future__ import annotations

import pytest

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.core.store import Doc
from include.local_aws.wire.errors import AwsError
from tests.include.local_aws.sagemaker.monitoring.world import (
    World,
)


@pytest.fixture
def place(world: World) -> dict[str, str]:
    world.define()
    world.schedule()
    name = str(world.alert["MonitoringAlertName"])
    return {"MonitoringScheduleName": "hourly", "MonitoringAlertName": name}


def test_every_schedule_has_an_alert_of_its_name(world: World, place: dict[str, str]) -> None:
    assert place["MonitoringAlertName"] == "hourly"
    assert world.alert["AlertStatus"] == "OK"


def test_changed_alert_counts_past_executions(world: World, place: dict[str, str]) -> None:
    world.hours(1.5)
    world.end(message="CompletedWithViolations: 1")
    assert world.alert["AlertStatus"] == "InAlert"
    world.call("UpdateMonitoringAlert", **place, DatapointsToAlert=2, EvaluationPeriod=2)
    assert world.alert["AlertStatus"] == "OK"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"DatapointsToAlert": 3, "EvaluationPeriod": 2}, "3 is more than EvaluationPeriod 2"),
        ({"MonitoringAlertName": "other"}, "hourly has no alert 'other'"),
    ],
)
def test_wrong_update_is_refused(
    world: World, place: dict[str, str], change: Doc, message: str
) -> None:
    request = place | {"DatapointsToAlert": 1, "EvaluationPeriod": 1} | change
    with pytest.raises(AwsError, match=message):
        world.call("UpdateMonitoringAlert", **request)


def test_history_is_filtered_by_status_and_paged(world: World, place: dict[str, str]) -> None:
    for violated in (True, False, True):
        world.hours(1.5)
        world.end(message="CompletedWithViolations: 1" if violated else "Completed")
    first = world.call("ListMonitoringAlertHistory", **place, MaxResults=2)
    assert [entry["AlertStatus"] for entry in first["MonitoringAlertHistory"]] == ["InAlert", "OK"]
    asked = {"StatusEquals": "InAlert", "NextToken": None}
    response = world.call("ListMonitoringAlertHistory", **place, **asked)
    assert len(response["MonitoringAlertHistory"]) == 2
