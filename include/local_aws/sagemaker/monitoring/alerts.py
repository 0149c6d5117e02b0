"""Monitoring alerts, raised by the number of recent executions with violations."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from ...core.store import Doc

if TYPE_CHECKING:
    from ...core.account import Aws

KIND, HISTORY = "monitoring-alert", "monitoring-alert-history"
EXECUTION = "monitoring-execution"
VIOLATED = "CompletedWithViolations"
CONCLUSIVE = ("Completed", VIOLATED)


def create(aws: Aws, schedule: str) -> None:
    """Create the alert of a schedule, which has the schedule's name."""
    now = aws.clock.now()
    doc = {
        "MonitoringScheduleName": schedule,
        "MonitoringAlertName": schedule,
        "CreationTime": now,
        "LastModifiedTime": now,
        "AlertStatus": "OK",
        "DatapointsToAlert": 1,
        "EvaluationPeriod": 1,
        "Actions": {"ModelDashboardIndicator": {"Enabled": True}},
    }
    aws.store.insert(KIND, schedule, doc)


def evaluate(aws: Aws, schedule: str) -> None:
    """Count violations in the last completed executions, and record a change."""
    alert = aws.store.get(KIND, schedule)
    if alert is None:  # the schedule was deleted meanwhile
        return
    ended = [
        doc["MonitoringExecutionStatus"]
        for doc in aws.store.list(EXECUTION)
        if doc["MonitoringScheduleName"] == schedule
        and doc["MonitoringExecutionStatus"] in CONCLUSIVE
    ]
    failures = ended[-alert["EvaluationPeriod"] :].count(VIOLATED)
    status = "InAlert" if failures >= alert["DatapointsToAlert"] else "OK"
    if status != alert["AlertStatus"]:
        aws.store.update(KIND, schedule, AlertStatus=status)
        _note(aws, alert, status)


def _note(aws: Aws, alert: Doc, status: str) -> None:
    entry = {key: alert[key] for key in ("MonitoringScheduleName", "MonitoringAlertName")}
    entry |= {"CreationTime": aws.clock.now(), "AlertStatus": status}
    aws.store.insert(HISTORY, uuid.uuid4().hex, entry)
