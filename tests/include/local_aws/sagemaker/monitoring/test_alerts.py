from __future__ import annotations

from include.local_aws import operations  # noqa: F401  (registers the operations)
from include.local_aws.sagemaker.monitoring import (
    alerts,
)
from tests.include.local_aws.sagemaker.monitoring.world import (
    World,
)


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


def _ended(world: World, *statuses: str) -> None:
    for status in statuses:
        number = len(world.aws.store.list(alerts.EXECUTION))
        doc = {"MonitoringScheduleName": "hourly", "MonitoringExecutionStatus": status}
        world.aws.store.insert(alerts.EXECUTION, str(number), doc)
    alerts.evaluate(world.aws, "hourly")


def test_new_alert_needs_one_violation(world: World) -> None:
    alerts.create(world.aws, "hourly")
    _ended(world, "CompletedWithViolations")
    alert = world.aws.store.get(alerts.KIND, "hourly") or {}
    assert (alert["AlertStatus"], alert["DatapointsToAlert"]) == ("InAlert", 1)


def test_failed_executions_do_not_count(world: World) -> None:
    alerts.create(world.aws, "hourly")
    _ended(world, "CompletedWithViolations", "Failed", "Stopped")
    assert (world.aws.store.get(alerts.KIND, "hourly") or {})["AlertStatus"] == "InAlert"
    assert len(world.aws.store.list(alerts.HISTORY)) == 1


def test_deleted_schedule_has_nothing_to_evaluate(world: World) -> None:
    _ended(world, "CompletedWithViolations")
    assert world.aws.store.list(alerts.HISTORY) == []
